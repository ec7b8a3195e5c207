package io.agentledger.client.bench;

import java.util.Locale;

/**
 * Demand on one measurement.
 *
 * @param limit of the subject; for {@link Subject#OURS} and {@link Subject#DIFFERENCE} in the unit
 *     of the measurement
 */
public record Bar(Subject subject, boolean atLeast, double limit) {
  /** The number that is compared with the limit. */
  public enum Subject {
    /** Ours divided by the floor. */
    RATIO,
    /** Our own value. */
    OURS,
    /** Ours minus the floor. */
    DIFFERENCE
  }

  static Bar ratioAtMost(double limit) {
    return new Bar(Subject.RATIO, false, limit);
  }

  static Bar ratioAtLeast(double limit) {
    return new Bar(Subject.RATIO, true, limit);
  }

  static Bar atMost(double limit) {
    return new Bar(Subject.OURS, false, limit);
  }

  static Bar atLeast(double limit) {
    return new Bar(Subject.OURS, true, limit);
  }

  /** The difference to the floor is limited. */
  static Bar aboveFloor(double limit) {
    return new Bar(Subject.DIFFERENCE, false, limit);
  }

  boolean isMet(Measurement measurement) {
    double value =
        switch (subject) {
          case RATIO -> measurement.ratio();
          case OURS -> measurement.medianOurs();
          case DIFFERENCE -> measurement.medianOurs() - measurement.medianFloor();
        };
    return atLeast ? value >= limit : value <= limit;
  }

  String describe(String unit) {
    String number = Measurement.format(limit);
    String comparison = (atLeast ? ">= " : "<= ");
    return switch (subject) {
      case RATIO -> String.format(Locale.ROOT, "%sx%s", comparison, number);
      case OURS -> (comparison + number + " " + unit).stripTrailing();
      case DIFFERENCE -> (comparison + "floor + " + number + " " + unit).stripTrailing();
    };
  }
}
