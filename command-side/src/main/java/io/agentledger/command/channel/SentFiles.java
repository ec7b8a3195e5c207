package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageContent.Media;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.shared.ChannelRejection.MessageNotSupported;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaTypes;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Files of a message to a contact that the platform accepts, with the types of their bytes. */
record SentFiles(List<MediaContent> files) {
  /** Rejects files that the platform cannot send, by their size and the type of their bytes. */
  static SentFiles of(List<SentFile> given, PlatformDescription platform) {
    if (!given.isEmpty() && !platform.can(Capability.MEDIA))
      throw notSupported(
          platform,
          platform.can(Capability.MEDIA_BY_URL)
              ? "it takes files by a public URL only, which this service does not serve"
              : "it takes no files");
    return new SentFiles(given.stream().map(file -> read(file, platform)).toList());
  }

  private static MediaContent read(SentFile file, PlatformDescription platform) {
    var limits = platform.limits();
    var bytes = Base64.getDecoder().decode(file.data());
    if (bytes.length > limits.mediaBytesMax())
      throw notSupported(
          platform,
          "the file " + file.name() + " has more than " + limits.mediaBytesMax() + " bytes");
    var content =
        MediaTypes.content(bytes, new MediaReference("", file.name(), file.mediaType()))
            .orElseThrow(
                () ->
                    notSupported(
                        platform,
                        "the bytes of the file "
                            + file.name()
                            + " are not of the type "
                            + file.mediaType()));
    if (!limits.acceptsMedia(content.mediaType()))
      throw notSupported(
          platform,
          "the file "
              + file.name()
              + " is of the type "
              + content.mediaType()
              + ", and it takes only "
              + String.join(", ", limits.mediaTypes()));
    return content;
  }

  private static RejectionException notSupported(PlatformDescription platform, String detail) {
    return new RejectionException(new MessageNotSupported(platform.name(), detail));
  }

  /** Returns the content of the message with the names and types of the files. */
  ChatMessageContent addTo(ChatMessageContent content) {
    var media = files.stream().map(file -> new Media("", file.name(), file.mediaType())).toList();
    return new ChatMessageContent(content.text(), "", media, content.template());
  }

  /** Returns the events that follow the one of the message. */
  List<ChatMediaStored> events(ChatId chat, ChatMessageId message, Sealer sealer) {
    var events = new ArrayList<ChatMediaStored>();
    for (var file : files) {
      var data = Base64.getEncoder().encodeToString(file.bytes());
      events.add(
          new ChatMediaStored(
              chat,
              message,
              events.size(),
              sealer.seal(chat, ChatMediaStored.class, "data", data),
              file.mediaType(),
              file.bytes().length));
    }
    return events;
  }
}
