package io.agentledger.api.channel;

/**
 * Bytes of a file.
 *
 * @param data base64
 */
public record ChatMediaData(String name, String mediaType, String data) {
  /** Contains no content. */
  @Override
  public String toString() {
    return "ChatMediaData[" + mediaType + "]";
  }
}
