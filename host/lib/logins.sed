# Made by host/logins.ts from the shapes of functions/parse; for sed -E in the C locale.
# journald gives a message that is no text as numbers: whether it tells of a login is not seen here.
/"MESSAGE" ?: ?\[/b
# dovecot
/(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*(Login|Logged in)|(Disconnected|Aborted login|Login aborted|Client has quit the connection).*(auth failed|proxy dest auth failed)|(Disconnected|Aborted login|Login aborted|Client has quit the connection).* [(]no auth attempts|(Disconnected|Aborted login|Login aborted|Client has quit the connection).* [(]tried to use |(Disconnected|Aborted login|Login aborted|Client has quit the connection).* [(]disconnected before auth was ready|(Disconnected|Aborted login|Login aborted|Client has quit the connection).* [(]disconnected during TLS|auth.*unknown user|auth.*: unknown user|auth.*assword mismatch|auth.*invalid credentials|auth.*: invalid credentials|auth.*pam_authenticate[(][)] failed: |auth.*: pam_authenticate[(][)] failed: |auth.*pam_acct_mgmt[(][)] failed: |auth.*: pam_acct_mgmt[(][)] failed: |auth.*Login failed [(]status|auth.*: Login failed [(]status|auth.*Empty username|auth.*: Empty username|auth.*login user: Master user login attempted without master passdbs|auth.*: login user: Master user login attempted without master passdbs|[)]: Username character disallowed by auth_username_chars: .* [(]username: |: Username character disallowed by auth_username_chars: .* [(]username: |(imap-login|pop3-login|submission-login|managesieve-login|sieve-login).*: |auth.*[)]: |auth.*: /b
# postfix
/disconnect from .*auth|warning: .* authentication failed: |warning: .* authentication failed:|, sasl_method.*, sasl_username|lost connection after AUTH from |improper command pipelining after .* from |warning: non-SMTP command from .*: |warning: .*: SASL /b
# postfix
/PREGREET .* after |(COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE|COMMAND TIME LIMIT|COMMAND COUNT LIMIT|COMMAND LENGTH LIMIT).* after /b
# exim
/ authenticator failed for .*: 535 Incorrect authentication data| authenticator failed for .*: 535 Incorrect authentication data: | P.*(esmtpsa|esmtpa|essmtpa|ssmtpa|smtpa|asmtp)|SMTP protocol error in .* |: SMTP AUTH is required | authenticator failed for .*: /b
# cyrus
/login: .* User logged in|badlogin: .*SASL[(]-13[)]: |badlogin: .* SASL[(]-13[)]: |badlogin: .*SASL[(]-20[)]: |badlogin: .* SASL[(]-20[)]: | plaintext [(].*[)] invalid user| plaintext .* invalid user|badlogin: .*SASL[(]-6[)]: |badlogin: .* |badlogin: .* [(]|badlogin: .* authentication failure|badlogin: /b
# courier
/imapd|imapd-ssl|imaplogin|pop3d|pop3d-ssl|pop3login|courierpop3login|courierpop3d|courierimapd|courierimaplogin|courier-imapd|courier-imaps|courier-pop3d|courier-pop3s|courieresmtpd|esmtpd|LOGIN, user.*, ip|LOGIN FAILED, .*ip|error,relay.*535 Authentication failed[.]|LOGIN FAILED/b
# uwimap
/ user.* host|Login failed user.* auth|Login failed user.* host|Login excessive login failures user.* auth|Login excessive login failures user.* host|Login SYSTEM BREAK-IN ATTEMPT user.* auth|Login SYSTEM BREAK-IN ATTEMPT user.* host|Login failure user.* auth|Login failure user.* host|AUTHENTICATE .* failure host|Login disabled user.* auth|Login disabled user.* host|Login .*(failed|excessive|SYSTEM|failure)|AUTHENTICATE /b
# sendmail
/server, relay.*, authid|: AUTH failure [(].*[)]: generic failure [(]-1[)] SASL[(]-1[)]: generic failure: All-whitespace username[.], user|: AUTH failure [(].*, relay|: possible SMTP attack: command.*AUTH, count|: AUTH failure /b
# pam
/pam_unix[(].*:auth[)]: authentication failure|authentication failure.* logname/b
# opensmtpd
/ smtp .*connected address|authentication user.* address|authentication user.*permfail|authentication user.* result|failed-command address.* command|failed-command command.* result|smtp-in: New session .* from host |smtp-in: Authentication failed for user .* on session |smtp-in: Accepted authentication for user .* on session |smtp-in: Failed command on session .*AUTH | smtp .*authentication user/b
# perdition
/ authorisation_id.* authentication_id|Auth: .* status| authentication_id.*failed: local authentication failure| status.*failed: local authentication failure| authentication_id.*failed: Re-Authentication Failure| status.*failed: Re-Authentication Failure| authentication_id.*failed: Authentication Failure| status.*failed: Authentication Failure|Fatal Error reading authentication information from client .*: |Auth: /b
# qpopper
/POP login by user .* at [(]|Failed attempted login to .* from host [(]| at .*[)]: -ERR /b
# solid-pop3d
/authentication failed: no such user: .* - |authentication failed: can.*t map user name: |authentication failed for user .* - |APOP authentication failed for user .* - |can.*t find APOP secret for user |authentication failed/b
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
/ security - cmd.*authentication failed for |oip.* - authentication failed for |oip.* SoapEngine - handler exception: authentication failed for | security - cmd.* protocol|name.* - authentication failed for |name.* SoapEngine - handler exception: authentication failed for |(imap|pop).* - authentication failed for |ip.* SoapEngine - handler exception: authentication failed for |oproto.* SoapEngine - handler exception|(  | ).* SoapEngine - handler exception: authentication failed| security - cmd.*Auth/b
# kerio
/Failed .* login from |: Invalid password for user .*[.] Attempt from IP address |Invalid password for user .*[.] Attempt from IP address |: User .*t exist[.] Attempt from IP address | doesn.*t exist[.] Attempt from IP address |Administration login into .* failed: /b
# mailu
/: Authentication attempt from .* has been rate-limited[.]|: Login failed for .* from /b
# domino
/: .* authentication failure using internet password| Authentication failed for user .* connecting host | Server.* Authentication failed for user /b
# exchange
/(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*ok|(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*-ERR Authentication failure|(auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE).*AuthFailed:LogonDenied|,.*,535 5[.]7[.]3 Authentication unsuccessful|Inbound .* failed because of LogonDenied|Inbound .* failed with LogonDenied/b
# oracleims
/Bad password.*535 |Authentication successful.*235 | ac.*535 /b
# assp
/SMTP Error.* Error: authentication failed: Invalid authentication mechanism|SMTP Error.* Error: authentication failed: | max sender authentication errors [(].*[)] exceeded |Blocking .* - too much AUTH errors [(]/b
# haraka
/core.* disconnect ip/b
s/./_/g
