package io.agentledger.command.channel.outbound;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Platform whose answers a test decides; a line of a message is a part. */
public final class ScriptedPlatform implements Platform {
  private final PlatformDescription description;
  private final List<OutboundPart> received = new CopyOnWriteArrayList<>();
  private final List<Instant> times = new CopyOnWriteArrayList<>();
  private final Map<String, ConcurrentLinkedQueue<Supplier<SendResult>>> answers =
      new ConcurrentHashMap<>();
  private final Map<String, Supplier<MediaResult>> media = new ConcurrentHashMap<>();

  public ScriptedPlatform(String name, Set<Capability> capabilities) {
    this(name, capabilities, 100, Duration.ZERO);
  }

  ScriptedPlatform(
      String name, Set<Capability> capabilities, int perSecond, Duration contactInterval) {
    description =
        new PlatformDescription(
            name,
            name,
            "",
            "",
            "",
            List.of(),
            List.of(),
            new PlatformLimits(
                100, 100, List.of("image/*"), perSecond, contactInterval, Duration.ZERO),
            capabilities);
  }

  /** Decides the answer to the next request with a text; later ones are accepted. */
  public void answer(String text, Supplier<SendResult> answer) {
    answers.computeIfAbsent(text, key -> new ConcurrentLinkedQueue<>()).add(answer);
  }

  /** Decides the result of each try to fetch a file; other files are refused. */
  public void serve(String file, Supplier<MediaResult> result) {
    media.put(file, result);
  }

  /** Returns the texts for which there were requests, in order. */
  List<String> texts() {
    return received.stream().map(ScriptedPlatform::textOf).toList();
  }

  /** Returns the times of the requests, in order. */
  List<Instant> times() {
    return List.copyOf(times);
  }

  List<String> partIds() {
    return received.stream().map(OutboundPart::id).toList();
  }

  /** Returns the text of a part, or the type, name and size of its file. */
  private static String textOf(OutboundPart part) {
    return switch (part.content()) {
      case OutboundPart.Content.Text(var markup) -> markup;
      case OutboundPart.Content.File(var media) -> {
        var file = media.content();
        yield file.mediaType() + " " + file.name() + " " + file.bytes().length;
      }
      case OutboundPart.Content.Template(var template) -> template.name();
    };
  }

  @Override
  public PlatformDescription description() {
    return description;
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return false;
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return false;
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return List.of();
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, message.markdown().lines().toList());
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    times.add(Instant.now());
    received.add(part);
    var planned = answers.get(textOf(part));
    var answer = planned == null ? null : planned.poll();
    return answer == null ? new Sent("sent " + textOf(part)) : answer.get();
  }

  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    return media.getOrDefault(reference.id(), () -> new MediaResult.Refused("no media")).get();
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    return ConnectionTest.passed("");
  }
}
