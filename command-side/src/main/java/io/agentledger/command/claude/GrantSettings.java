package io.agentledger.command.claude;

import io.agentledger.api.environment.HostRule;
import io.agentledger.command.claude.box.HostFolders;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the operator grants environments beyond a closed box; nothing by default.
 *
 * @param directories folders of the host, by name
 */
@ConfigurationProperties("agentledger.claude")
record GrantSettings(
    @DefaultValue Egress egress, @DefaultValue Map<String, HostFolders.Root> directories) {
  GrantSettings {
    directories = Map.copyOf(directories);
  }

  /**
   * The way out.
   *
   * @param allowedHosts beyond which no environment reaches; empty: any
   */
  record Egress(@DefaultValue("false") boolean enabled, @DefaultValue List<String> allowedHosts) {
    Egress {
      allowedHosts = List.copyOf(allowedHosts);
    }

    List<HostRule> allowed() {
      return allowedHosts.stream().flatMap(line -> HostRule.of(line).stream()).toList();
    }
  }
}
