package io.agentledger.command.channel.platform;

/**
 * File of a message.
 *
 * @param name name with an extension; never a path
 * @param mediaType type of the bytes
 */
public record MediaContent(String name, String mediaType, byte[] bytes) {
  @Override
  public String toString() {
    return "MediaContent[" + mediaType + ", " + bytes.length + " bytes]";
  }
}
