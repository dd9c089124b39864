import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Deployment } from "../functions/store/deployment.ts";
import { CommandError, type Terminal } from "./command.ts";

/**
 * The deployment of a CDK stack, from the SSM parameter that it publishes; reached with the user's own credentials.
 * @throws CommandError that says what to do
 */
export async function publishedDeployment(stack: string, { env }: Terminal): Promise<Deployment> {
  const name = `/fleetban/${stack}/deployment`;
  const client = new SSMClient({});
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    const region = await client.config.region();
    return { ...(JSON.parse(Parameter?.Value ?? "{}") as Omit<Deployment, "region">), region };
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === "ParameterNotFound") {
      throw new CommandError(
        `no parameter ${name}: deploy the stack, name another with --stack, or use --local`,
      );
    }
    const where = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "no region set";
    throw new CommandError(
      `cannot reach AWS (${where}): ${message}; log in, or use --local for the embedded system`,
    );
  }
}
