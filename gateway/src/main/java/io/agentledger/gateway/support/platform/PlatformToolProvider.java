package io.agentledger.gateway.support.platform;

import java.util.List;

/** Tools and resources of one feature; every bean of this type is part of the MCP server. */
public interface PlatformToolProvider {
  List<PlatformTool<?>> tools();

  default List<PlatformResource> resources() {
    return List.of();
  }
}
