package io.agentledger.command.channel.platform.twilio;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.FormParameters;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads webhooks of Twilio: messages to the channel's number, and statuses of sent messages. */
final class TwilioWebhook {
  private static final int MEDIA_MAX = 10;

  private static final Map<String, DeliveryReport> STATUSES =
      Map.of(
          "sent", DeliveryReport.SENT,
          "delivered", DeliveryReport.DELIVERED,
          "read", DeliveryReport.READ,
          "failed", DeliveryReport.FAILED,
          "undelivered", DeliveryReport.FAILED);

  private final Clock clock;

  TwilioWebhook(Clock clock) {
    this.clock = clock;
  }

  List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    if (!request.mediaType().equals(TwilioSignature.FORM))
      throw new UnreadableRequestException("The body is not a form.");
    var form = FormParameters.parse(new String(request.body(), StandardCharsets.UTF_8));
    var id = form.value("MessageSid");
    if (id.isEmpty() || !form.value("AccountSid").equals(account.setting(TwilioPlatform.ACCOUNT)))
      return List.of();
    return form.values().containsKey("MessageStatus")
        ? status(id, form)
        : message(id, account, form);
  }

  private List<InboundItem> status(String id, FormParameters form) {
    var report = STATUSES.get(form.value("MessageStatus"));
    if (report == null) return List.of(); // Twilio has not sent it yet.
    var failure =
        report == DeliveryReport.FAILED
            ? PlatformJson.line("Twilio reports error " + form.value("ErrorCode"))
            : "";
    return List.of(new InboundStatus(id, report, failure, clock.instant()));
  }

  private List<InboundItem> message(String id, ChannelAccount account, FormParameters form) {
    var from = form.value("From");
    var number = account.setting(TwilioPlatform.FROM);
    boolean isOurs =
        number.isEmpty()
            ? form.value("MessagingServiceSid").equals(account.setting(TwilioPlatform.SERVICE))
            : form.value("To").equals(TwilioPlatform.ADDRESS_PREFIX + number);
    if (!isOurs || !from.startsWith(TwilioPlatform.ADDRESS_PREFIX)) return List.of();
    var media = media(form);
    var text = form.value("Body");
    boolean isShown = !text.isEmpty() || !media.isEmpty();
    var unsupported = form.value("Latitude").isEmpty() ? "unknown" : "location";
    return List.of(
        new InboundMessage(
            id,
            from.substring(TwilioPlatform.ADDRESS_PREFIX.length()),
            form.value("ProfileName"),
            text,
            media,
            isShown ? "" : unsupported,
            clock.instant()));
  }

  private static List<MediaReference> media(FormParameters form) {
    var media = new ArrayList<MediaReference>();
    for (int i = 0; i < MEDIA_MAX; i++) {
      var url = form.value("MediaUrl" + i);
      if (!url.isEmpty())
        media.add(new MediaReference(url, "", form.value("MediaContentType" + i)));
    }
    return media;
  }
}
