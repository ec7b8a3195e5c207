package io.agentledger.gateway.support.platform;

/**
 * Resource of the platform's MCP server: the result of a tool that reads, under a URI.
 *
 * @param uriTemplate with the names of the tool's arguments as variables (RFC 6570, level 1)
 * @param tool with the effect {@link PlatformTool.Effect#READ}
 */
public record PlatformResource(
    String uriTemplate, String name, String description, PlatformTool<?> tool) {
  /** Result of a tool that is sent as it is, and not as JSON, when it is read as a resource. */
  public interface Blob {
    /** Returns the text or, of binary content, the bytes in base64. */
    String content();

    boolean isText();
  }
}
