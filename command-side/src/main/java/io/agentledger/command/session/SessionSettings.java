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
 * Settings for the expiry and removal of unused sessions.
 *
 * @param expireAfter [1s..3650d] without any fact an open session takes no query until it is
 *     restored; a number alone is hours
 * @param archiveAfter [1s..3650d] without any fact it is put into the archive; a number alone is
 *     days
 * @param idleCheckInterval [1s..1d] how often is looked for them
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
