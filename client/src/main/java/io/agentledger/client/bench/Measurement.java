package io.agentledger.client.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measured number of one row: a value of each round, and of the floor in the same round.
 *
 * @param floor one value a round; empty if the row has no floor
 * @param ours one value a round, at least one
 * @param bars the demands; empty for a number that only informs
 */
public record Measurement(
    BenchRow row, String name, String unit, double[] floor, double[] ours, List<Bar> bars) {
  public Measurement {
    if (ours.length == 0) throw new IllegalArgumentException("no round was measured");
    if (floor.length > 0 && floor.length != ours.length)
      throw new IllegalArgumentException("the floor is measured in the same rounds");
  }

  /** Creates a measurement without a floor and without bars. */
  static <T> Measurement of(
      BenchRow row, String name, String unit, List<T> rounds, ToDoubleFunction<T> ours) {
    return new Measurement(row, name, unit, new double[0], values(rounds, ours), List.of());
  }

  <T> Measurement withFloor(List<T> rounds, ToDoubleFunction<T> value) {
    return new Measurement(row, name, unit, values(rounds, value), ours, bars);
  }

  Measurement withBars(Bar... demands) {
    return new Measurement(row, name, unit, floor, ours, List.of(demands));
  }

  private static <T> double[] values(List<T> rounds, ToDoubleFunction<T> value) {
    return rounds.stream().mapToDouble(value).toArray();
  }

  /** Returns the quantile of values by the nearest rank; NaN of none. They need not be sorted. */
  static double quantile(double[] values, double share) {
    if (values.length == 0) return Double.NaN;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  boolean hasFloor() {
    return floor.length > 0;
  }

  double medianFloor() {
    return hasFloor() ? median(floor) : Double.NaN;
  }

  double medianOurs() {
    return median(ours);
  }

  /** Returns the median of the rounds' ratios; NaN without a floor. */
  double ratio() {
    return hasFloor() ? median(ratios()) : Double.NaN;
  }

  /** Returns the least and the greatest ratio of a round; of our values if there is no floor. */
  double[] spread() {
    double[] values = hasFloor() ? ratios() : ours;
    return new double[] {quantile(values, 0), quantile(values, 1)};
  }

  /** Returns the ratios of the rounds whose floor was measurable; NaN if there is none. */
  private double[] ratios() {
    double[] ratios =
        IntStream.range(0, ours.length)
            .filter(round -> floor[round] > 0)
            .mapToDouble(round -> ours[round] / floor[round])
            .toArray();
    return ratios.length == 0 ? new double[] {Double.NaN} : ratios;
  }

  boolean isMet() {
    return bars.stream().allMatch(bar -> bar.isMet(this));
  }

  /** Formats a number with three significant digits, without an exponent. */
  static String format(double number) {
    if (Double.isNaN(number)) return "-";
    double size = Math.abs(number);
    int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }
}
