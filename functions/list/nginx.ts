import type { ListFormat } from "./formats.ts";

/** To be included in a `http`, `server` or `location` block: https://nginx.org/en/docs/http/ngx_http_access_module.html */
export const nginx: ListFormat = {
  name: "nginx",
  *render(entries) {
    for (const { network } of entries) yield `deny ${network};\n`;
  },
};
