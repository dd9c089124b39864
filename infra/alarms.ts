import { Duration, type Stack } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda";
import { FilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";

/** What alarms look at. */
export interface Watched {
  queue: Queue;
  deadLetters: Queue;
  publish: LambdaFn;
}

const PERIOD = Duration.minutes(5);
/** Hosts keep a list for days: there is time to look, but not to forget. */
const PUBLISH_FAILURES = 3;
const OLDEST_LOG = Duration.minutes(30);

/** Tells the topic `Alarms` what somebody should look at; what to do then is in docs/aws.md under the alarm's name. */
export function createAlarms(
  stack: Stack,
  { queue, deadLetters, publish }: Watched,
  email: string | undefined,
): Topic {
  const topic = createTopic(stack, email);
  const alarm = (id: string, description: string, metric: IMetric, props: Partial<AlarmProps> = {}) =>
    new Alarm(stack, id, { ...ONCE, ...props, alarmDescription: description, metric }).addAlarmAction(
      new SnsAction(topic),
    );
  const over = { period: PERIOD };
  alarm(
    "LogsNotCounted",
    "logs are among the dead letters: they failed each time",
    deadLetters.metricApproximateNumberOfMessagesVisible(over),
  );
  alarm(
    "LogsWait",
    "a log has waited for half an hour to be counted",
    queue.metricApproximateAgeOfOldestMessage(over),
    { threshold: OLDEST_LOG.toSeconds() },
  );
  alarm("PublishFails", "publish fails: the list in force stays as it is", publish.metricErrors(over), {
    threshold: PUBLISH_FAILURES,
  });
  alarm("PublishStopped", "nothing publishes any more", publish.metricInvocations(over), {
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarm("ListRefused", "the guard keeps networks off the list", logged(stack, publish.logGroup, "refusal"));
  alarm("Alert", "publish has a new alert: an account may be lost", logged(stack, publish.logGroup, "alert"));
  return topic;
}

const ONCE = {
  threshold: 1,
  evaluationPeriods: 1,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
};

/** Not encrypted with AWS's own key for topics: CloudWatch could not send to it. Alarms say nothing that is secret. */
function createTopic(stack: Stack, email: string | undefined): Topic {
  const topic = new Topic(stack, "Alarms", { enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "OwnAlarmsTell",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    }),
  );
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}

/** How many warnings of a function hold that word, as functions/publish.ts writes them. */
function logged(stack: Stack, logGroup: ILogGroup, word: string): IMetric {
  const name = `${word[0]!.toUpperCase()}${word.slice(1)}s`;
  const filter = new MetricFilter(stack, name, {
    logGroup,
    filterPattern: FilterPattern.allTerms("WARN", word),
    metricNamespace: `fleetban/${stack.stackName}`,
    metricName: name,
    metricValue: "1",
  });
  return filter.metric({ period: PERIOD, statistic: "sum" });
}
