package io.agentledger.command.channel.platform.pager;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.markup.WhatsAppMarkup;
import io.agentledger.command.support.outbound.OutboundRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pagers of an invented service, which show 160 characters. */
public final class PagerPlatform implements Platform {
  private static final String SIGNATURE_HEADER = "x-pager-signature";
  private static final int TEXT_MAX = 160;

  private static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "pager",
          "Pager",
          "https://api.pager.example",
          "", // No check of the address.
          "https://pager.example/docs",
          List.of(
              PlatformField.requiredSetting(
                  "station", "Number of the station.", "4 digits", "[0-9]{4}", "0815")),
          List.of(
              PlatformField.requiredCredential("api_key", "Key of the API.", "Account, keys"),
              PlatformField.requiredCredential("secret", "Signs webhooks.", "Account, webhooks"),
              PlatformField.optionalCredential(
                  "secret_previous", "Secret that is being replaced.", "the former secret")),
          new PlatformLimits(TEXT_MAX, 0, List.of(), 10, Duration.ofSeconds(1), Duration.ZERO),
          Set.of());

  private final PlatformClient client;
  private final Clock clock;

  public PagerPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(SIGNATURE_HEADER).isEmpty();
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return Hmac.matches(
        request.header(SIGNATURE_HEADER),
        account.secrets("secret"),
        secret -> Hmac.hex(secret, request.body()));
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    var page = PlatformJson.read(request);
    var id = PlatformJson.text(page, "id");
    var from = PlatformJson.text(page, "from");
    if (id.isEmpty() || from.isEmpty()) return List.of();
    var text = PlatformJson.text(page, "text");
    return List.of(new InboundMessage(id, from, "", text, List.of(), "", clock.instant()));
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, new WhatsAppMarkup().divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    if (!(part.content() instanceof OutboundPart.Content.Text(var text)))
      return new Rejected("Pagers show texts only.");
    var page = Map.of("to", part.contactAddress(), "text", text);
    return client.send(
        request(account, "POST", PlatformJson.write(page)),
        response -> {
          var id = PlatformJson.text(PlatformJson.read(response), "id");
          boolean isSent = PlatformClient.isSuccess(response) && !id.isEmpty();
          return isSent ? Optional.of(new Sent(id)) : Optional.empty();
        });
  }

  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    return new MediaResult.Refused("Pagers send texts only.");
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    return client.test(
        request(account, "GET", new byte[0]),
        body -> ConnectionTest.passed(PlatformJson.line(PlatformJson.text(body, "name"))));
  }

  private static OutboundRequest request(ChannelAccount account, String method, byte[] body) {
    var url = account.apiUrl(DESCRIPTION) + "/stations/" + account.setting("station");
    var headers =
        Map.of(
            "Authorization",
            "Bearer " + account.credential("api_key"),
            "Content-Type",
            "application/json");
    return new OutboundRequest(method, url, headers, body);
  }
}
