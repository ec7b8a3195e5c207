package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the model API.
 *
 * @param upstream {@code anthropic} or {@code rehearsal}; by default anthropic if there is a key
 * @param baseUrl URL of the Messages API; https, or http for a test server
 * @param prices a price table to use instead of the shipped one
 * @param rehearsal a directory of further rehearsal scenarios; by default {@code rehearsal} under
 *     the service's home
 * @param rehearsalPrices whether rehearsed answers are charged at list prices, so that budgets can
 *     be tried without a model
 * @param pacePercent [0..1000] percentage of the scenarios' pauses; 0 plays without pauses
 * @param bodyMax [1KB..64MB] maximum size of a request; larger ones are answered with 413
 * @param exchangeCountMax [1..256] concurrent exchanges of one process; more are answered with 429
 * @param connectionCountMax [1..4096] concurrent connections to the upstream
 * @param connectTimeout [100ms..1m] timeout of a connection
 * @param responseTimeout [1s..30m] how long an upstream may send nothing before the exchange fails;
 *     never longer than {@code outageTimeout}
 * @param connectAttempts [0..5] further attempts when the upstream refuses the connection
 * @param warmUp [0..30s] maximum duration of the warm-up at start; 0 disables it
 * @param outageTimeout [1s..10m] how long a run waits for an unavailable upstream, over all of its
 *     attempts; then it fails
 */
@Validated
@ConfigurationProperties("agentledger.model")
public record ModelSettings(
    @Nullable Upstream upstream,
    @DefaultValue("https://api.anthropic.com") URI baseUrl,
    @Nullable Path prices,
    @Nullable Path rehearsal,
    @DefaultValue("false") boolean rehearsalPrices,
    @DefaultValue("100") @Min(0) @Max(1000) int pacePercent,
    @DefaultValue("32MB") DataSize bodyMax,
    @DefaultValue("32") @Min(1) @Max(256) int exchangeCountMax,
    @DefaultValue("256") @Min(1) @Max(4096) int connectionCountMax,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("10m") Duration responseTimeout,
    @DefaultValue("3") @Min(0) @Max(5) int connectAttempts,
    @DefaultValue("2s") Duration warmUp,
    @DefaultValue("5m") Duration outageTimeout) {

  public ModelSettings {
    require("upstream", upstream != Upstream.RECORDED, "anthropic or rehearsal");
    require(
        "base-url",
        baseUrl.getHost() != null && String.valueOf(baseUrl.getScheme()).matches("https?"),
        "a URL with https or http");
    require("body-max", isInRange(bodyMax.toBytes(), 1024, 64L << 20), "1KB to 64MB");
    require("connect-timeout", isInRange(connectTimeout.toMillis(), 100, 60_000), "100ms to 1m");
    require(
        "response-timeout", isInRange(responseTimeout.toMillis(), 1_000, 1_800_000), "1s to 30m");
    require("warm-up", isInRange(warmUp.toMillis(), 0, 30_000), "0s to 30s");
    require("outage-timeout", isInRange(outageTimeout.toMillis(), 1_000, 600_000), "1s to 10m");
  }

  private static boolean isInRange(long value, long least, long most) {
    return value >= least && value <= most;
  }

  private static void require(String name, boolean valid, String rule) {
    if (!valid)
      throw new IllegalArgumentException("agentledger.model." + name + " must be " + rule);
  }
}
