import { App } from "aws-cdk-lib";
import { settingsOf } from "./settings.ts";
import { createStack } from "./stack.ts";

const app = new App();
createStack(app, settingsOf(app));
