/** Names this parser's reading of logs. Change it with anything that changes what is counted: replay goes by it. */
export const PARSER_VERSION = "9";
