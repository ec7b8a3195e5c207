package io.agentledger.gateway.report;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for the report settings of the tenant. */
@Controller
class ReportSettingsRSocketController {
  private final ReportSettingsService settings;
  private final WireJson json;

  ReportSettingsRSocketController(ReportSettingsService settings, WireJson json) {
    this.settings = settings;
    this.json = json;
  }

  @MessageMapping("report-settings.get")
  Mono<byte[]> find(RequestContext context) {
    return settings.find(context).map(json::toBytes);
  }

  @MessageMapping("report-settings.change")
  Mono<byte[]> change(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    long version = body.takeVersion();
    var request = body.read(ChangeReportSettingsRequest.class);
    return settings.change(context, request, version, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("report-settings.reset")
  Mono<byte[]> reset(RequestContext context) {
    return settings.reset(context).map(json::toBytes);
  }
}
