package io.agentledger.command.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.report.ReportType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares what previews show with what the document lists; an IT compares it with reports. */
class ReportTemplateSampleTest {
  private static final Set<String> COMMON =
      Set.of(
          "title",
          "subject",
          "created_at",
          "time_zone",
          "organization",
          "footer",
          "report",
          "requested_by",
          "name_of_the_requester");

  @ParameterizedTest
  @EnumSource(ReportType.class)
  void sampleHasTheDocumentedTexts(ReportType type) throws IOException {
    var document = Files.readString(Path.of("..", "docs", "reports.md"));
    var row =
        Pattern.compile("(?m)^\\| `" + type.wireName() + "` \\| [^|]* \\| ([^|]*) \\|$")
            .matcher(document.substring(document.indexOf("texts beside the common ones")));
    assertThat(row.find()).isTrue();
    var documented = new HashSet<>(COMMON);
    documented.addAll(List.of(row.group(1).replace("`", "").split(", ")));
    assertThat(ReportDraft.textsOf(ReportTemplateSample.of(type)).keySet()).isEqualTo(documented);
  }
}
