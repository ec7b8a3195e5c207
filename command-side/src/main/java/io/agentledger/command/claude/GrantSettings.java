package io.agentledger.command.claude;

import io.agentledger.command.claude.box.HostFolders;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the operator grants environments beyond a closed box; nothing by default.
 *
 * @param directories folders of the host, by name
 */
@ConfigurationProperties("agentledger.claude")
record GrantSettings(@DefaultValue Map<String, HostFolders.Root> directories) {
  GrantSettings {
    directories = Map.copyOf(directories);
  }
}
