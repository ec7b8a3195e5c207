package io.agentledger.api.channel;

import java.util.List;

/**
 * Needs and limits of a messaging platform.
 *
 * @param name value of a channel's {@code platform}
 * @param title name for people
 * @param webhookPath path to which the platform sends its webhooks
 * @param handshake method of the request by which the platform checks the address; empty for none
 * @param documentation URL of the vendor's documentation; empty for none
 * @param textLengthMax characters of one part of a message
 * @param mediaBytesMax size of a file that is sent
 * @param messagesPerSecond parts a second of one account
 * @param replyWindowSeconds time after the contact's last message in which text may be sent; 0 for
 *     no limit
 */
public record PlatformView(
    String name,
    String title,
    String webhookPath,
    String handshake,
    String documentation,
    List<Field> settings,
    List<Field> credentials,
    List<String> capabilities,
    int textLengthMax,
    long mediaBytesMax,
    int messagesPerSecond,
    long replyWindowSeconds) {
  public PlatformView {
    settings = List.copyOf(settings);
    credentials = List.copyOf(credentials);
    capabilities = List.copyOf(capabilities);
  }

  /**
   * Field that a channel of the platform has.
   *
   * @param rule text after "must be"; empty for credentials
   */
  public record Field(
      String name, String description, boolean required, String rule, String example) {}
}
