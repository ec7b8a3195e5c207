package io.agentledger.command.session;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for the expiry and archiving of unused sessions.
 *
 * @param expireAfter [1s..3650d] time without events after which an open session accepts no query
 *     until it is restored; a plain number is in hours
 * @param archiveAfter [1s..3650d] time without events after which a session is archived; a plain
 *     number is in days
 * @param idleCheckInterval [1s..1d] how often idle sessions are searched
 */
@Validated
@ConfigurationProperties("agentledger.session")
public record SessionSettings(
    @DefaultValue("24h")
        @DurationUnit(ChronoUnit.HOURS)
        @DurationMin(seconds = 1)
        @DurationMax(days = 3650)
        Duration expireAfter,
    @DefaultValue("180d")
        @DurationUnit(ChronoUnit.DAYS)
        @DurationMin(seconds = 1)
        @DurationMax(days = 3650)
        Duration archiveAfter,
    @DefaultValue("5m") @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration idleCheckInterval) {}
