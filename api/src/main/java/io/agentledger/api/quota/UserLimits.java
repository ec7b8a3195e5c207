package io.agentledger.api.quota;

import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of one user.
 *
 * @param sessions concurrent sessions with a run in progress or waiting; other open sessions are
 *     not counted
 * @param tasks executions of tasks in progress, those that wait for a decision not included
 * @param storageMib of all workspaces and stored content together
 * @param workspaceMib of one workspace
 * @param callsPerMinute requests and messages over all protocols together
 * @param callsPerHour likewise, in an hour
 */
public record UserLimits(
    int sessions,
    int tasks,
    long storageMib,
    long workspaceMib,
    int callsPerMinute,
    int callsPerHour,
    MonthlyBudget budget) {
  static final UserLimits UNLIMITED =
      new UserLimits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          MonthlyBudget.UNLIMITED);

  /** Returns the lower of each two limits. */
  public UserLimits atMost(UserLimits ceiling) {
    return new UserLimits(
        Math.min(sessions, ceiling.sessions),
        Math.min(tasks, ceiling.tasks),
        Math.min(storageMib, ceiling.storageMib),
        Math.min(workspaceMib, ceiling.workspaceMib),
        Math.min(callsPerMinute, ceiling.callsPerMinute),
        Math.min(callsPerHour, ceiling.callsPerHour),
        budget.atMost(ceiling.budget));
  }

  /**
   * Returns each limit that is above its ceiling.
   *
   * @param pointer JSON pointer to the object with the limits
   */
  public List<Excess> above(UserLimits ceiling, String pointer) {
    var excesses = new ArrayList<Excess>();
    addIfAbove(excesses, pointer + "/sessions", sessions, ceiling.sessions);
    addIfAbove(excesses, pointer + "/tasks", tasks, ceiling.tasks);
    addIfAbove(excesses, pointer + "/storage_mib", storageMib, ceiling.storageMib);
    addIfAbove(excesses, pointer + "/workspace_mib", workspaceMib, ceiling.workspaceMib);
    addIfAbove(excesses, pointer + "/calls_per_minute", callsPerMinute, ceiling.callsPerMinute);
    addIfAbove(excesses, pointer + "/calls_per_hour", callsPerHour, ceiling.callsPerHour);
    excesses.addAll(budget.above(ceiling.budget, pointer));
    return excesses;
  }

  private static void addIfAbove(List<Excess> excesses, String field, long asked, long ceiling) {
    if (asked > ceiling)
      excesses.add(new Excess(field, Long.toString(asked), Long.toString(ceiling)));
  }
}
