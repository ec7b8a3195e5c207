package io.agentledger.command.claude.host;

import io.agentledger.api.shared.OrderedCopy;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Host directories that the operator permits environments to mount; none by default.
 *
 * @param directories host directories by name
 */
@ConfigurationProperties("agentledger.claude")
public record HostDirectorySettings(
    @DefaultValue Map<String, HostDirectoryResolver.GrantedDirectory> directories) {
  public HostDirectorySettings {
    directories = OrderedCopy.of(directories);
  }
}
