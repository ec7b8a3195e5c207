package io.agentledger.client.report;

import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.QueryString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.type.TypeReference;

/**
 * Client of the caller's schedules of reports. Bodies of requests are JSON objects; others throw
 * {@link IllegalArgumentException}.
 */
public final class ReportSchedulesClient {
  private static final String PATH = "/api/v1/report-schedules";

  private final ApiHttpClient http;

  ReportSchedulesClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Schedule that is created, or replaces another one.
   *
   * @param expression minute, hour, day of month, month and day of week
   * @param period of the reports; {@link ReportPeriod#NONE} for a type without a period
   * @param report its days are ignored, and its time zone is that of the schedule, too
   */
  public record NewSchedule(
      String name, String expression, ReportPeriod period, ReportRequest report) {
    Map<String, Object> toBody() {
      var body = new LinkedHashMap<>(report.toBody());
      body.keySet().removeAll(Set.of("from", "to"));
      body.put("name", name);
      body.put("expression", expression);
      if (period != ReportPeriod.NONE) body.put("period", period);
      return body;
    }
  }

  /** Lists schedules, newest first. */
  public Page<ReportScheduleView> list(PageRequest page) {
    return http.get(PATH + QueryString.of(page), new TypeReference<>() {});
  }

  public ReportScheduleView find(ReportScheduleId schedule) {
    return http.get(PATH + "/" + schedule, new TypeReference<>() {});
  }

  public ReportScheduleView create(NewSchedule schedule) {
    return http.post(PATH, schedule.toBody(), new TypeReference<>() {});
  }

  /** Creates a schedule by the body of the request. */
  public ReportScheduleView create(String body) {
    return http.post(PATH, ClientJson.readObject(body), new TypeReference<>() {});
  }

  /**
   * Replaces a schedule.
   *
   * @param version version that is replaced
   */
  public ReportScheduleView change(ReportScheduleId schedule, NewSchedule changed, long version) {
    return http.put(PATH + "/" + schedule, changed.toBody(), version, new TypeReference<>() {});
  }

  /** Replaces a schedule by the body of the request. */
  public ReportScheduleView change(ReportScheduleId schedule, String body, long version) {
    return http.put(
        PATH + "/" + schedule, ClientJson.readObject(body), version, new TypeReference<>() {});
  }

  public ReportScheduleView pause(ReportScheduleId schedule) {
    return http.post(PATH + "/" + schedule + "/pause", Map.of(), new TypeReference<>() {});
  }

  /** Resumes a schedule from its next time on. */
  public ReportScheduleView resume(ReportScheduleId schedule) {
    return http.post(PATH + "/" + schedule + "/resume", Map.of(), new TypeReference<>() {});
  }

  /** Deletes a schedule; its reports stay. */
  public void delete(ReportScheduleId schedule) {
    http.delete(PATH + "/" + schedule);
  }
}
