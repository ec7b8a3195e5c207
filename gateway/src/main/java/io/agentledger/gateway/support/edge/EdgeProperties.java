package io.agentledger.gateway.support.edge;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the network edge: origins, hosts, sizes and timeouts.
 *
 * @param allowedOrigins pages of other origins that may call, {@code https://ledger.example}; none
 * @param allowedHosts names beside those of loopback that a service on loopback is served under,
 *     for a proxy on the same machine: {@code ledger.example}; none
 * @param headerTimeout [10ms..5m] from a connection's or a request's first byte to the end of its
 *     headers
 * @param bodyTimeout [10ms..1h] from there to the end of its body
 * @param responseTimeout [10ms..1h] for a client to take an answer that is no stream
 * @param connectionCountMax [1..1000000] at once, all doors together; at most three quarters of the
 *     files that the process may open
 * @param connectionCountPerSourceMax [1..1000000] at once from one address; this machine's own are
 *     not counted
 */
@Validated
@ConfigurationProperties("agentledger.edge")
public record EdgeProperties(
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("20s") @DurationMin(millis = 10) @DurationMax(minutes = 5) Duration headerTimeout,
    @DefaultValue("60s") @DurationMin(millis = 10) @DurationMax(hours = 1) Duration bodyTimeout,
    @DefaultValue("60s") @DurationMin(millis = 10) @DurationMax(hours = 1) Duration responseTimeout,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int connectionCountMax,
    @DefaultValue("500") @Min(1) @Max(1_000_000) int connectionCountPerSourceMax) {
  public EdgeProperties {
    allowedOrigins = allowedOrigins.stream().map(WebOrigin::of).map(WebOrigin::toString).toList();
    allowedHosts = allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }
}
