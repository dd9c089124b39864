# Made by host/logins.ts from the shapes of functions/parse; for sed -E in the C locale.
# journald gives a message that is no text as numbers: whether it tells of a login is not seen here.
/"MESSAGE" ?: ?\[/b
# dovecot
/(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*(Login|Logged in)|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).*(auth failed|proxy dest auth failed)|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]no auth attempts| [(]auth failed, .* successful auths|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]proxy dest auth failed|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* authentication attempts[)]: |(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*Aborted login: user|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]tried to use |(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]client didn|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]disconnected before auth was ready|(Disconnected|Aborted login|Login aborted|Client has quit the connection|Remote closed connection|Remote disconnected|Connection closed|Too many invalid commands|Aborted login by logging out).* [(]disconnected during TLS|(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*[)]: Login failed|(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*tarted proxying to |auth.*(nknown user|assword mismatch|nvalid credentials|User unknown|Login failed [(]status|Empty username|Login attempt with empty password|Attempted login with password having illegal chars|Attempted master login with no master passdbs [(]trying to log in as user: |login user: Master user login attempted without master passdbs|user not authenticated: |oauth2 failed: |AUTHENTICATIONFAILED)|dovecot: .*(nknown user|assword mismatch|nvalid credentials|User unknown|Login failed [(]status|Empty username|Login attempt with empty password|Attempted login with password having illegal chars|Attempted master login with no master passdbs [(]trying to log in as user: |login user: Master user login attempted without master passdbs|user not authenticated: |oauth2 failed: |AUTHENTICATIONFAILED)|auth.*(pam_authenticate[(][)] failed: |pam_authenticate[(][)] failed: Authentication failure [(])|dovecot: .*(pam_authenticate[(][)] failed: |pam_authenticate[(][)] failed: Authentication failure [(])|[)]: Username character disallowed by auth_username_chars: .* [(]username: |: Username character disallowed by auth_username_chars: .* [(]username: |(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*: |auth.*[)]: |auth.*: /b
# postfix
/disconnect from .*auth| authentication failed: .*(Invalid authentication mechanism|no mechanism available)|warning: .* authentication failed: |warning: .* authentication failed|, sasl_method.*, sasl_username|lost connection after AUTH from |improper command pipelining after .* from |too many errors after .* from |warning: non-SMTP command from .*: |warning: AUTH command rate limit exceeded: .* for service |warning: .*: SASL /b
# postfix
/PREGREET .* after |(COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE|COMMAND TIME LIMIT|COMMAND COUNT LIMIT|COMMAND LENGTH LIMIT).* after /b
# exim
/ authenticator failed for .*: 535 Incorrect authentication data| authenticator failed for .*: 535 Incorrect authentication data: | P.*(esmtpsa|esmtpa|essmtpa|ssmtpa|smtpa|asmtp)|SMTP protocol error in .* |: SMTP AUTH is required | dropped: too many .*(unrecognized commands|syntax or protocol errors|nonmail commands)|SMTP protocol synchronization error [(]input sent without waiting for greeting[)]: rejected connection from .* input| authenticator failed for /b
# cyrus
/login: .* |badlogin: .*SASL[(]-13[)]: |badlogin: .* SASL[(]-13[)]: |badlogin: .*SASL[(]-20[)]: |badlogin: .* SASL[(]-20[)]: | plaintext [(].*[)] invalid user| plaintext .* invalid user|badlogin: .* invalid user|badlogin: .*authentication failure|badlogin: .* anonymous login refused|badlogin: .*SASL[(]-6[)]: |badlogin: .* |badlogin: .* [(]|badlogin: .* authentication failure|badlogin: .*(authorization failure|user not found|account disabled|bad protocol )|badlogin: /b
# courier
/imapd|imapd-ssl|imaplogin|pop3d|pop3d-ssl|pop3login|courierpop3login|courierpop3d|courierimapd|courierimaplogin|courier-imapd|courier-imaps|courier-pop3d|courier-pop3s|courieresmtpd|esmtpd|LOGIN, user.*, ip|LOGIN FAILED, .*ip|error,relay.*535 Authentication failed[.]|LOGIN FAILED/b
# uwimap
/ user.* host|Login failed user.* auth|Login failed user.* host|Login excessive login failures user.* auth|Login excessive login failures user.* host|Login SYSTEM BREAK-IN ATTEMPT user.* auth|Login SYSTEM BREAK-IN ATTEMPT user.* host|Login failure user.* auth|Login failure user.* host|AUTHENTICATE .* failure host|Failed .* override of user|Login disabled user.* auth|Login disabled user.* host|Login .*(failed|excessive|SYSTEM|failure)|AUTHENTICATE /b
# sendmail
/server, relay.*, authid|: AUTH failure [(].*[)]: generic failure [(]-1[)] SASL[(]-1[)]: generic failure: All-whitespace username[.], user|: AUTH failure [(].*, relay|: possible SMTP attack: command.*AUTH, count|rejecting commands from .* due to pre-greeting traffic after |: possible SMTP attack: command.*, count|: .*: probable open proxy: command|: AUTH failure /b
# pam
/pam_unix[(].*:auth[)]: authentication failure|authentication failure.* logname/b
# opensmtpd
/ smtp .*connected address|authentication user.* address|authentication user.*permfail|authentication user.* result|failed-command address.* command|failed-command command.* result|smtp-in: New session .* from host |smtp-in: Authentication failed for user .* on session |smtp-in: Accepted authentication for user .* on session |smtp-in: Failed command on session .*AUTH | smtp .*authentication user/b
# perdition
/ authorisation_id.* authentication_id|Auth: .* status| authentication_id.*failed: local authentication failure| status.*failed: local authentication failure| authentication_id.*failed: Re-Authentication Failure| status.*failed: Re-Authentication Failure| authentication_id.*failed: Authentication Failure| status.*failed: Authentication Failure|Fatal Error reading authentication information from client .*: |Auth: /b
# qpopper
/POP login by user .* at [(]|Failed attempted login to .* from host [(]| at .*[)]: -ERR /b
# solid-pop3d
/authentication failed: no such user: .* - |authentication failed: can.*t map user name: |authentication failed for user .* - |authentication failed for mapped user .* - |APOP authentication failed for user .* - |can.*t find APOP secret for user |root login not allowed - |authentication failed/b
# vpopmail
/login success .*:::ffff:|(vchkpw-pop3s|vchkpw-pop3|vchkpw-imaps|vchkpw-imap|vchkpw-submission|vchkpw-smtps|vchkpw-smtp|vchkpw-webmail|vchkpw).*login success |: password fail [(]pass: .*:::ffff:|(vchkpw-pop3s|vchkpw-pop3|vchkpw-imaps|vchkpw-imap|vchkpw-submission|vchkpw-smtps|vchkpw-smtp|vchkpw-webmail|vchkpw).*: password fail [(]pass: |(password fail|vpopmail user not found|user not found|null password given|domain characters|system user not found|system user shadow entry not found|system password fail|user has no password).*:::ffff:|(vchkpw-pop3s|vchkpw-pop3|vchkpw-imaps|vchkpw-imap|vchkpw-submission|vchkpw-smtps|vchkpw-smtp|vchkpw-webmail|vchkpw).*(password fail|vpopmail user not found|user not found|null password given|domain characters|system user not found|system user shadow entry not found|system password fail|user has no password)|(vchkpw-pop3s|vchkpw-pop3|vchkpw-imaps|vchkpw-imap|vchkpw-submission|vchkpw-smtps|vchkpw-smtp|vchkpw-webmail|vchkpw).*(password fail|vpopmail user not found)/b
# cucipop
/authentication failure .* /b
# nginx
/ client login failed: .*AUTH not supported| client login failed: .*Authentication rate limit | client login failed: .*, upstream: | client login failed: .*, client: | client logged in, client: .*, upstream: | client logged in, client: .*, server: |: [*].* client login failed: /b
# roundcube
/Successful login for .*[)] from |(IMAP Error: Login failed|IMAP Error: Authentication failed|FAILED login).* from |(IMAP Error: Login failed|IMAP Error: Authentication failed|FAILED login).* against |Failed login for .*[)] in session |Failed login for .* in session |(IMAP Error: Login failed|IMAP Error: Authentication failed|FAILED login).* for |Failed login for /b
# sogo
/(SOGoRootPage |SOGoRootPage).*successful login from |(SOGoRootPage |SOGoRootPage).* might not have worked|(SOGoRootPage |SOGoRootPage).*Login from /b
# horde
/ FAILED LOGIN for .* [(]forwarded for | FAILED LOGIN for .*[)] [(]forwarded for | FAILED LOGIN for .* to | FAILED LOGIN for .*[)] to | Login success for .* [(]forwarded for | Login success for .*[)] [(]forwarded for | Login success for .* to | Login success for .*[)] to | FAILED LOGIN .*on line |(imp|horde).* FAILED LOGIN /b
# squirrelmail
/LOGIN_ERROR.*[)] from |LOGIN_ERROR.* from |LOGIN.*[)] from |LOGIN.* from /b
# openwebmail
/ - login - .* - active| [(].* - login error - no such user - | - login error - .*, ret -4| - userinfo error - .*, ret -4| [(].* - login error - /b
# groupoffice
/LOGIN FAILED for user: .* from IP: |LOGIN SUCCESS for user: .* from IP: /b
# tine20
/[)]: Tinebase_Controller::login::.* Login with username | [(].*[)]: Tinebase_Controller::login::/b
# zimbra
/ security - cmd.*authentication failed for |oip.* SoapEngine - handler exception: authentication failed for |oip.* imap - authentication failed for |oip.* pop - authentication failed for | security - cmd.* protocol|name.* SoapEngine - handler exception: authentication failed for |name.* imap - authentication failed for |name.* pop - authentication failed for |ip.* SoapEngine - handler exception: authentication failed for |ip.* imap - authentication failed for |ip.* pop - authentication failed for |oproto.* SoapEngine - handler exception|(  | ).* SoapEngine - handler exception: authentication failed| security - cmd.*Auth/b
# kerio
/Failed .* login from |: Invalid password for user .*[.] Attempt from IP address |Invalid password for user .*[.] Attempt from IP address |: User .*t exist[.] Attempt from IP address | doesn.*t exist[.] Attempt from IP address |Administration login into .* failed: /b
# mailu
/: Authentication attempt from .* has been rate-limited[.]|: Login failed for .* from /b
# domino
/: .* authentication failure using internet password| Authentication failed for user .* connecting host | Server.* Authentication failed for user /b
# exchange
/(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*-ERR Authentication failure|(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*AuthFailed:LogonDenied|(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*ok|,.*,535 5[.]7[.]3 Authentication unsuccessful|Inbound .* failed because of LogonDenied|Inbound .* failed with LogonDenied/b
# oracleims
/Bad password.*535 |Authentication successful.*235 | ac.*535 /b
# assp
/SMTP Error.* Error: authentication failed: Invalid authentication mechanism|SMTP Error.* Error: authentication failed: | max sender authentication errors [(].*[)] exceeded |Blocking .* - too much AUTH errors [(]/b
# haraka
/core.* disconnect ip/b
s/./_/g
