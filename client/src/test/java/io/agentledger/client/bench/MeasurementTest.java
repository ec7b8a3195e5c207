package io.agentledger.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final double[] NONE = {};

  private static Measurement of(double[] floor, double[] ours, Bar... bars) {
    return new Measurement(BenchRow.RENAME, "commands", "1/s", floor, ours, List.of(bars));
  }

  @Test
  void ratioIsTheMedianOfTheRatiosOfTheRounds() {
    var measurement = of(new double[] {100, 200, 400}, new double[] {10, 60, 80});
    assertThat(measurement.ratio()).isEqualTo(0.2); // 0.1, 0.3, 0.2
    assertThat(measurement.spread()).containsExactly(0.1, 0.3);
    assertThat(measurement.medianFloor()).isEqualTo(200);
    assertThat(measurement.medianOurs()).isEqualTo(60);
  }

  @Test
  void medianOfAnEvenNumberOfRoundsIsBetweenTheMiddleOnes() {
    assertThat(of(NONE, new double[] {4, 1, 3, 2}).medianOurs()).isEqualTo(2.5);
  }

  @Test
  void withoutFloorTheSpreadIsThatOfOurValues() {
    var measurement = of(NONE, new double[] {3, 1, 2});
    assertThat(measurement.spread()).containsExactly(1, 3);
    assertThat(measurement.ratio()).isNaN();
  }

  @Test
  void roundsWithoutAMeasurableFloorHaveNoRatio() {
    assertThat(of(new double[] {0, 2}, new double[] {3, 3}).spread()).containsExactly(1.5, 1.5);
    assertThat(of(new double[] {0}, new double[] {3}).ratio()).isNaN();
  }

  @Test
  void quantileIsTheNearestRank() {
    double[] values = {5, 1, 4, 2, 3};
    assertThat(Measurement.quantile(values, 0.5)).isEqualTo(3);
    assertThat(Measurement.quantile(values, 0.95)).isEqualTo(5);
    assertThat(Measurement.quantile(values, 0)).isEqualTo(1);
    assertThat(values).containsExactly(5, 1, 4, 2, 3);
  }

  @Test
  void barIsComparedWithItsSubject() {
    double[] floor = {10};
    double[] ours = {18};
    assertThat(of(floor, ours, Bar.ratioAtMost(1.8)).isMet()).isTrue();
    assertThat(of(floor, ours, Bar.ratioAtMost(1.7)).isMet()).isFalse();
    assertThat(of(floor, ours, Bar.ratioAtLeast(1.7)).isMet()).isTrue();
    assertThat(of(floor, ours, Bar.atMost(18)).isMet()).isTrue();
    assertThat(of(floor, ours, Bar.aboveFloor(7)).isMet()).isFalse();
    assertThat(of(floor, ours, Bar.aboveFloor(8)).isMet()).isTrue();
  }

  @Test
  void everyBarHasToBeMet() {
    assertThat(of(new double[] {10}, new double[] {18}, Bar.ratioAtMost(2), Bar.atMost(17)).isMet())
        .isFalse();
  }

  @Test
  void numbersHaveThreeSignificantDigits() {
    assertThat(List.of(12345.6, 12.34, 1.234, 0.01234, 0.0))
        .extracting(Measurement::format)
        .containsExactly("12346", "12.3", "1.23", "0.012", "0");
    assertThat(Measurement.format(Double.NaN)).isEqualTo("-");
  }

  @Test
  void floorIsMeasuredInEveryRound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(new double[] {1, 2}, new double[] {1}));
    assertThatIllegalArgumentException().isThrownBy(() -> of(NONE, NONE));
  }
}
