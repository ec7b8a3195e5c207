package io.agentledger.gateway.ops;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Version, revision and home of the service.
 *
 * @param version of the release, as built
 * @param revision of the source, set by the launcher; {@code AGENTLEDGER_REVISION}
 * @param home the directory of the node; {@code AGENTLEDGER_HOME}
 */
@ConfigurationProperties("agentledger")
public record ServiceProperties(
    @DefaultValue("unknown") String version,
    @DefaultValue("unknown") String revision,
    @DefaultValue("data") Path home) {}
