package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportScheduleCommand.PauseReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for report schedules. */
@Controller
class ReportScheduleRSocketController {
  private final ReportScheduleService schedules;
  private final WireJson json;

  ReportScheduleRSocketController(ReportScheduleService schedules, WireJson json) {
    this.schedules = schedules;
    this.json = json;
  }

  /** Id of a deleted schedule. */
  record DeletedResponse(ReportScheduleId id) {}

  @MessageMapping("report-schedules.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(ReportScheduleRequest.class);
    return schedules.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("report-schedules.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    return schedules.list(context, body.readPage()).map(json::toBytes);
  }

  @MessageMapping("report-schedules.{id}.get")
  Mono<byte[]> find(@DestinationVariable ReportScheduleId id, RequestContext context) {
    return schedules.find(context, id).map(json::toBytes);
  }

  @MessageMapping("report-schedules.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable ReportScheduleId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(ReportScheduleRequest.class);
    return schedules.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("report-schedules.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable ReportScheduleId id, RequestContext context) {
    return schedules.sendAndGet(context, new PauseReportSchedule(id, null)).map(json::toBytes);
  }

  @MessageMapping("report-schedules.{id}.resume")
  Mono<byte[]> resume(@DestinationVariable ReportScheduleId id, RequestContext context) {
    return schedules.sendAndGet(context, new ResumeReportSchedule(id, null)).map(json::toBytes);
  }

  @MessageMapping("report-schedules.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable ReportScheduleId id, RequestContext context) {
    return schedules.delete(context, id).thenReturn(json.toBytes(new DeletedResponse(id)));
  }
}
