package io.agentledger.api.ops;

import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Money;
import java.time.LocalDate;
import java.util.List;

/**
 * Sessions and runs of a tenant by day, in UTC.
 *
 * @param from the first day
 * @param to the last day
 * @param users number of users who sent a query in that time
 * @param days days with at least one session or run, oldest first
 */
public record StatisticsView(
    LocalDate from, LocalDate to, long users, Count total, List<Day> days) {

  /** One day. */
  public record Day(LocalDate day, Count count) {}

  /**
   * Counts of a day; a run counts for the day on which it was requested.
   *
   * @param sessions opened sessions
   * @param costUsd sum of the known costs
   */
  public record Count(long sessions, Runs runs, Usage usage, Money costUsd) {
    public static final Count NONE = new Count(0, new Runs(0, 0, 0, 0, 0), Usage.ZERO, Money.ZERO);

    public Count plus(Count other) {
      return new Count(
          sessions + other.sessions,
          runs.plus(other.runs),
          usage.plus(other.usage),
          costUsd.plus(other.costUsd));
    }
  }

  /** Runs by outcome. */
  public record Runs(long requested, long completed, long failed, long interrupted, long open) {
    Runs plus(Runs other) {
      return new Runs(
          requested + other.requested,
          completed + other.completed,
          failed + other.failed,
          interrupted + other.interrupted,
          open + other.open);
    }
  }
}
