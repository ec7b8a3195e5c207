package io.agentledger.command.identity;

import io.agentledger.api.session.RunOptions;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Default settings of new sessions. They do not change open sessions.
 *
 * @param model model of runs
 * @param maxTurns [1..1000] maximum number of model exchanges of one run
 * @param timeout [1s..24h] timeout of one run, including the time that it waits for users
 */
@Validated
@ConfigurationProperties("agentledger.defaults")
public record SessionDefaultSettings(
    @DefaultValue("claude-sonnet-5") @NotBlank String model,
    @DefaultValue("100") @Min(1) @Max(RunOptions.MAX_TURNS_MAX) int maxTurns,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration timeout) {}
