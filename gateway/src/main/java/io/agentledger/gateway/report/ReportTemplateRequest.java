package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplatePreviewer;
import io.agentledger.api.report.ReportTemplatePreviewer.InvalidReportTemplateException;
import io.agentledger.api.report.ReportType;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.NormalizedName;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to create, replace or preview a report template.
 *
 * @param introduction Markdown with Mustache tags, before the sections
 * @param closing the same, after the sections
 * @param sections those that appear, in their order; all of the type if omitted or empty
 */
record ReportTemplateRequest(
    @ConfigurationName String name,
    @NotNull(message = "must be a type of report") ReportType type,
    @Nullable
        @Size(
            max = ReportTemplateDefinition.TEXT_LENGTH_MAX,
            message = "must be at most 10000 characters")
        String introduction,
    @Nullable
        @Size(
            max = ReportTemplateDefinition.TEXT_LENGTH_MAX,
            message = "must be at most 10000 characters")
        String closing,
    @Nullable @Size(max = 8, message = "must be at most 8 sections")
        List<@NotNull(message = "must be the name of a section") String> sections) {
  ReportTemplateRequest {
    name = NormalizedName.of(name);
  }

  /**
   * Returns the preview.
   *
   * @throws InvalidRequestException for a wrong section or a text that is no template
   */
  String preview(@Nullable ReportTemplatePreviewer previewer) {
    if (previewer == null) return ""; // A node without the command side.
    try {
      return previewer.preview(toDefinition());
    } catch (InvalidReportTemplateException exception) {
      throw InvalidRequestException.body(
          "/" + exception.field(), String.valueOf(exception.getMessage()));
    }
  }

  ReportTemplateDefinition toDefinition() {
    var names = sections == null ? List.<String>of() : sections;
    var seen = new HashSet<String>();
    for (int i = 0; i < names.size(); i++)
      if (!type.sections().contains(names.get(i)))
        throw InvalidRequestException.body(
            "/sections/" + i, "must be one of " + String.join(", ", type.sections()));
      else if (!seen.add(names.get(i)))
        throw InvalidRequestException.body(
            "/sections/" + i, "must not be there twice: " + names.get(i));
    return new ReportTemplateDefinition(
        type, introduction == null ? "" : introduction, closing == null ? "" : closing, names);
  }
}
