package io.agentledger.command.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.samskivert.mustache.MustacheException;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTemplateTextTest {
  private static final Map<String, String> TEXTS =
      Map.of("title", "A *b* <c>\n# d", "from", "2026-11-01", "empty", "");

  private static String render(String template) {
    return ReportTemplateText.render(template, TEXTS);
  }

  @Test
  void valuesAreEscapedInEveryTag() {
    var escaped = "A \\*b\\* \\<c\\> \\# d";
    assertThat(render("**{{title}}**")).isEqualTo("**" + escaped + "**");
    assertThat(render("{{{title}}} {{&title}}")).isEqualTo(escaped + " " + escaped);
  }

  @Test
  void sectionsAppearForTextsThatExist() {
    assertThat(render("{{#from}}yes{{/from}}{{#empty}}no{{/empty}}{{#other}}no{{/other}}"))
        .isEqualTo("yes");
    assertThat(render("{{^empty}}none{{/empty}}{{other}}")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{title.class}}", "{{from.length}}", "{{title.bytes}}", "{{from.value}}"})
  void nothingIsReadByReflection(String template) {
    assertThat(render(template)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#from}}",
        "{{/from}}",
        "{{>partial}}",
        "{{}}",
        "{{=}}",
        "{{#other}}{{ > x}}{{/other}}"
      })
  void invalidTemplatesAreRefused(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(MustacheException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{.}}",
        "{{{.}}}",
        "{{&this}}",
        "a {{ this }} b",
        "{{#.}}x{{/.}}",
        "{{^this}}x{{/this}}",
        "{{^other}}{{.}}{{/other}}"
      })
  void mapOfAllTextsIsNeitherSavedNorPrinted(String template) {
    assertThatThrownBy(() -> ReportTemplateText.check(template))
        .isInstanceOf(MustacheException.class)
        .hasMessageContaining("has no text here; name one, such as {{title}}");
    assertThat(render(template)).doesNotContain("2026").matches("|x|a  b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{=<% %>=}}<%> other %>",
        "{{=<% %>=}}<%#title%><%> other %><%/title%>",
        "{{=<% %>=}}<%^other%><%> other %><%/other%>"
      })
  void partialWithOtherDelimitersIsNotSaved(String template) {
    assertThatThrownBy(() -> ReportTemplateText.check(template))
        .isInstanceOf(MustacheException.class)
        .hasMessageContaining("partials are not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{..}}", "{{#title}}{{..}}{{/title}}", "{{#..}}x{{/..}}"})
  void tagOfDotsIsNotSaved(String template) {
    assertThatThrownBy(() -> ReportTemplateText.check(template))
        .isInstanceOf(MustacheException.class)
        .hasMessageContaining("a tag has no name");
  }

  @Test
  void unnamedTagInTheSectionOfATextIsThatText() {
    ReportTemplateText.check(
        "{{#from}}{{.}}{{/from}}{{#from}}{{^other}}{{this}}{{/other}}{{/from}}");
    assertThat(render("{{#from}}on {{.}}{{/from}}")).isEqualTo("on 2026\\-11\\-01");
    assertThat(render("{{#from}}{{^other}}{{this}}{{/other}}{{/from}}")).contains("2026");
    assertThat(render("{{#from}}{{#title}}{{from}}{{/title}}{{/from}}")).contains("2026");
  }

  @Test
  void longestNestingIsRendered() {
    int depth = ReportTemplateDefinition.TEXT_LENGTH_MAX / "{{#from}}{{/from}}".length();
    assertThat(render("{{#from}}".repeat(depth) + "{{/from}}".repeat(depth))).isEmpty();
  }

  @Test
  void sectionBeforeItsPredecessorNeedsAnotherPass() {
    assertThat(passes(List.of())).containsExactly(Set.of());
    assertThat(passes(List.of("account", "usage"))).containsExactly(Set.of("account", "usage"));
    assertThat(passes(List.of("total", "account", "usage")))
        .containsExactly(Set.of("total"), Set.of("account", "usage"));
  }

  private static List<Set<String>> passes(List<String> sections) {
    var definition = new ReportTemplateDefinition(ReportType.PERSONAL_DATA, "", "", sections);
    return ReportComposer.passes(definition.type(), definition);
  }
}
