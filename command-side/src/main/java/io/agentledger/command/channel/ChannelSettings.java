package io.agentledger.command.channel;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of channels.
 *
 * @param publicUrl base URL at which platforms reach the service, without a slash at the end.
 *     Twilio signs it, and gets it for delivery statuses; empty: channels of Twilio are refused
 */
@Validated
@ConfigurationProperties("agentledger.channels")
public record ChannelSettings(
    @DefaultValue("")
        @Pattern(
            regexp = "|https?://[^\\s\"<>()]*[^\\s\"<>()/]",
            message = "must be an http or https URL without a slash at the end")
        String publicUrl,
    @DefaultValue("100") @Min(1) int agentCallsPerHour) {}
