package io.agentledger.command.workspace.git;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of repository fetches; {@code agentledger.outbound} restricts their hosts.
 *
 * @param timeout [100ms..1h] of a whole fetch
 * @param allowHttp whether http is permitted, too, for servers in a private network
 */
@Validated
@ConfigurationProperties("agentledger.git")
public record GitSettings(
    @DefaultValue("2m") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration timeout,
    @DefaultValue("false") boolean allowHttp) {}
