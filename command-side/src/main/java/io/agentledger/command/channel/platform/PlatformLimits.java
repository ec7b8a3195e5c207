package io.agentledger.command.channel.platform;

import java.time.Duration;
import java.util.List;

/**
 * Limits of a platform, as it documents them.
 *
 * @param textLengthMax characters of one part
 * @param mediaBytesMax size of a file that is sent
 * @param mediaTypes media types of files that can be sent, {@code image/*} for all of a kind
 * @param messagesPerSecond parts a second of one account
 * @param contactInterval smallest time between two parts to one contact
 * @param replyWindow time after the contact's last message in which text may be sent; zero for no
 *     limit
 */
public record PlatformLimits(
    int textLengthMax,
    long mediaBytesMax,
    List<String> mediaTypes,
    int messagesPerSecond,
    Duration contactInterval,
    Duration replyWindow) {
  public PlatformLimits {
    mediaTypes = List.copyOf(mediaTypes);
  }

  /** Returns whether files of the type can be sent. */
  public boolean acceptsMedia(String mediaType) {
    return mediaTypes.stream()
        .anyMatch(
            known ->
                known.equals("*/*")
                    || known.equals(mediaType)
                    || known.endsWith("/*")
                        && mediaType.startsWith(known.substring(0, known.length() - 1)));
  }
}
