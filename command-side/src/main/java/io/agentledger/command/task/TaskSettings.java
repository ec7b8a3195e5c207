package io.agentledger.command.task;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/**
 * Admission and limits of executions of tasks.
 *
 * @param maxConcurrent [1..256] executions that this node starts and that do not wait for a
 *     decision; the others wait in the database, where any node may claim them
 * @param timeout [10s..24h] of each attempt of a task that has no timeout of its own; a number
 *     without a unit is in seconds
 * @param failuresMax [1..100] consecutive failed executions after which the schedule of a task is
 *     paused
 * @param maxDepth [0..10] calls of agents that may lead to an execution; 0: agents start none
 */
@Validated
@ConfigurationProperties("agentledger.tasks")
public record TaskSettings(
    @DefaultValue("5") @Min(1) @Max(256) int maxConcurrent,
    @DefaultValue("1h")
        @DurationUnit(ChronoUnit.SECONDS)
        @DurationMin(seconds = 10)
        @DurationMax(hours = 24)
        Duration timeout,
    @DefaultValue("5") @Min(1) @Max(100) int failuresMax,
    @DefaultValue("3") @Min(0) @Max(10) int maxDepth) {}
