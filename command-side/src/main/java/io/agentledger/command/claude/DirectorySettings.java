package io.agentledger.command.claude;

import io.agentledger.command.claude.box.HostFolders;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Folders of this host that sessions may see beside their workspaces.
 *
 * @param directories by name: an absolute path, and whether agents may write there, which they may
 *     not by default; none is the default
 */
@ConfigurationProperties("agentledger.claude")
public record DirectorySettings(@DefaultValue Map<String, HostFolders.Root> directories) {
  public DirectorySettings {
    directories = Map.copyOf(directories);
  }
}
