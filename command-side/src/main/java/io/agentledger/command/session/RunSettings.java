package io.agentledger.command.session;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Admission and patience of runs.
 *
 * @param maxConcurrent [1..256] runs in progress on this node at a time; the others wait in the
 *     database, where any node may take them
 * @param retryDelay [0s..10m] between a failure in passing and the next attempt
 * @param timeoutGrace [0s..10m] how much longer than its timeout a run may take before the session
 *     ends it: the process that carries it out has the first word
 * @param backgroundTimeout [1s..24h] of a run that the agent began by itself, which has no options
 * @param heartbeatInterval [1s..1m] how often a node says that it is still at its runs; after six
 *     missed ones another node takes them over
 * @param sideRequestTimeout [1s..10m] how long what is asked beside the conversation waits for its
 *     answer
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
