package io.agentledger.command.flow;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of flows.
 *
 * @param publicUrl base URL of the API for people, without a slash at the end, to which comments
 *     link; empty: comments name the flow without a link
 */
@Validated
@ConfigurationProperties("agentledger.flows")
public record FlowSettings(
    @DefaultValue("")
        @Pattern(
            regexp = "|https?://[^\\s\"<>()]*[^\\s\"<>()/]",
            message = "must be an http or https URL without a slash at the end")
        String publicUrl) {}
