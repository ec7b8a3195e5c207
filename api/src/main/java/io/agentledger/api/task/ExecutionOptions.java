package io.agentledger.api.task;

import java.time.Duration;

/**
 * Options of an execution.
 *
 * @param priority [0..{@value #PRIORITY_MAX}]; a higher one starts before lower ones of the tenant
 * @param timeout of each attempt, including its waits for decisions; zero in a task: the default of
 *     the service
 * @param attemptsMax [1..{@value #ATTEMPTS_MAX}]
 * @param retryDelay before the second attempt; doubled for each later one
 */
public record ExecutionOptions(
    int priority, Duration timeout, int attemptsMax, Duration retryDelay) {
  public static final int PRIORITY_MAX = 9;
  public static final int PRIORITY_DEFAULT = 5;
  public static final int ATTEMPTS_MAX = 10;
  public static final int ATTEMPTS_DEFAULT = 3;
  public static final int TIMEOUT_SECONDS_MIN = 10;
  public static final int TIMEOUT_SECONDS_MAX = 86_400;
  public static final int RETRY_SECONDS_DEFAULT = 10;
  public static final int RETRY_SECONDS_MAX = 3600;
}
