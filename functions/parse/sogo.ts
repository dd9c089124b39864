/**
 * SOGo 2 to 5 (UI/MainUI/SOGoRootPage.m). The address is the request's X-Forwarded-For where there is one: of several the
 * last counts, which the nearest proxy has added.
 */
import { type Daemon, failure, means, success } from "./daemon.ts";

const START = "{<0x<o:note>> |}SOGoRootPage ";

export const sogo: Daemon = {
  name: "sogo",
  programs: ["sogod", "sogo"],
  service: () => "webmail",
  shapes: [
    ...means(failure, [
      `${START}Login from '<ip:list>' for user '<user:text>' might not have worked<rest:note>`,
    ]),
    ...means(success, [
      `${START}successful login from '<ip:list>' for user '<user:text>' - expire <rest:note>`,
    ]),
  ],
};
