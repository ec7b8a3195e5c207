package io.agentledger.client.report;

import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.QueryString;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * Client of the report templates of the tenant. Bodies of requests are JSON objects; others throw
 * {@link IllegalArgumentException}.
 */
public final class ReportTemplatesClient {
  private static final String PATH = "/api/v1/report-templates";

  private final ApiHttpClient http;

  ReportTemplatesClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Lists templates that are not archived, newest first. */
  public Page<ReportTemplateView> list(PageRequest page) {
    return http.get(PATH + QueryString.of(page), new TypeReference<>() {});
  }

  public ReportTemplateView find(ReportTemplateId template) {
    return http.get(PATH + "/" + template, new TypeReference<>() {});
  }

  /** Lists the versions of a template, newest first. */
  public Page<ReportTemplateVersionView> versions(ReportTemplateId template, PageRequest page) {
    return http.get(
        PATH + "/" + template + "/versions" + QueryString.of(page), new TypeReference<>() {});
  }

  public ReportTemplateView create(String name, ReportTemplateDefinition definition) {
    return http.post(PATH, toBody(name, definition), new TypeReference<>() {});
  }

  /** Creates a template by the body of the request. */
  public ReportTemplateView create(String body) {
    return http.post(PATH, ClientJson.readObject(body), new TypeReference<>() {});
  }

  /**
   * Creates the next version of a template.
   *
   * @param version version that is replaced
   */
  public ReportTemplateView change(
      ReportTemplateId template, String name, ReportTemplateDefinition definition, long version) {
    return change(template, toBody(name, definition), version);
  }

  /** Creates the next version of a template by the body of the request. */
  public ReportTemplateView change(ReportTemplateId template, String body, long version) {
    return change(template, ClientJson.readObject(body), version);
  }

  private ReportTemplateView change(
      ReportTemplateId template, Map<String, Object> body, long version) {
    return http.put(PATH + "/" + template, body, version, new TypeReference<>() {});
  }

  /** Returns a template with sample facts as a page of HTML, and saves nothing. */
  public String preview(String name, ReportTemplateDefinition definition) {
    return http.postForText(PATH + "/preview", toBody(name, definition), "text/html");
  }

  /** Returns the page of a template that is given as the body of the request. */
  public String preview(String body) {
    return http.postForText(PATH + "/preview", ClientJson.readObject(body), "text/html");
  }

  /** Archives a template. */
  public void archive(ReportTemplateId template) {
    http.delete(PATH + "/" + template);
  }

  private static Map<String, Object> toBody(String name, ReportTemplateDefinition definition) {
    return Map.of(
        "name",
        name,
        "type",
        definition.type(),
        "introduction",
        definition.introduction(),
        "closing",
        definition.closing(),
        "sections",
        definition.sections());
  }
}
