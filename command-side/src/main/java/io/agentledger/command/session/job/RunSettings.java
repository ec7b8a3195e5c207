package io.agentledger.command.session.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Admission and timeouts of runs.
 *
 * @param maxConcurrent [1..256] concurrent runs on this node; the others wait in the database,
 *     where any node may pick them
 * @param retryDelay [0s..10m] between a retryable failure and the next attempt
 * @param timeoutGrace [0s..10m] additional time after a run's timeout until the session ends it,
 *     because its process should report the timeout first
 * @param backgroundTimeout [1s..24h] timeout of a background run, which has no options
 * @param heartbeatInterval [1s..1m] interval of a node's heartbeats for its runs; after six missed
 *     ones another node takes them over
 * @param sideRequestTimeout [1s..10m] timeout of side requests
 */
@Validated
@ConfigurationProperties("agentledger.run")
public record RunSettings(
    @DefaultValue("8") @Min(1) @Max(256) int maxConcurrent,
    @DefaultValue("5s") @DurationMin @DurationMax(minutes = 10) Duration retryDelay,
    @DefaultValue("10s") @DurationMin @DurationMax(minutes = 10) Duration timeoutGrace,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24)
        Duration backgroundTimeout,
    @DefaultValue("5s") @DurationMin(seconds = 1) @DurationMax(minutes = 1)
        Duration heartbeatInterval,
    @DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
        Duration sideRequestTimeout) {}
