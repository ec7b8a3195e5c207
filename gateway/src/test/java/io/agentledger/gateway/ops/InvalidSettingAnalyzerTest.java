package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/** Tests that a start with a wrong setting ends with its name, value and rule, and the cure. */
@ExtendWith(OutputCaptureExtension.class)
class InvalidSettingAnalyzerTest {
  enum Upstream {
    REAL_API,
    REHEARSAL
  }

  @Validated
  @ConfigurationProperties("agentledger.example")
  record ExampleProperties(
      @DefaultValue("8") @Min(1) @Max(256) int maxConcurrent,
      @DefaultValue("false") boolean rehearsalPrices,
      @DefaultValue("5s") Duration delay,
      @DefaultValue("1MB") DataSize bodyMax,
      @DefaultValue("rehearsal") Upstream upstream,
      @DefaultValue("80") Set<Integer> ports,
      @DefaultValue("0") long secretNumber) {
    ExampleProperties {
      if (bodyMax.toKilobytes() < 1)
        throw new IllegalArgumentException("agentledger.example.body-max must be 1KB or more");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(ExampleProperties.class)
  static class Example {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "MAXCONCURRENT|-1|is \"-1\", but must be greater than or equal to 1.",
        "MAX_CONCURRENT|many|is \"many\", but must be a whole number.",
        "REHEARSAL_PRICES|maybe|is \"maybe\", but must be true or false.",
        "DELAY|soon|is \"soon\", but must be a duration, such as 500ms, 30s, 5m or 2h.",
        "BODYMAX|big|is \"big\", but must be a size, such as 512KB, 32MB or 2GB.",
        "BODYMAX|10B|is \"10B\", but must be 1KB or more.",
        "UPSTREAM|none|is \"none\", but must be one of real-api, rehearsal.",
        "PORTS|80-90|is \"80-90\", but must be a list with commas, in which each value must be a"
            + " whole number.",
        "SECRETNUMBER|hunter2|must be a whole number.",
      })
  void variableWithAWrongValueIsReported(
      String variable, String value, String reason, CapturedOutput output) {
    var name = "AGENTLEDGER_EXAMPLE_" + variable;
    assertThatThrownBy(() -> start(Map.of(name, value))).isInstanceOf(BeanCreationException.class);
    var report = output.getAll();
    assertThat(report.substring(report.indexOf("Description:")))
        .startsWith(
            "Description:\n\n" + name + " " + reason + "\n\nAction:\n\nSet " + name + " to a")
        .contains("docs/operations.md")
        .doesNotContain("io.agentledger", "org.springframework", "\tat ", "hunter2");
  }

  @Test
  void propertyOfAnotherSourceIsReportedByItsName(CapturedOutput output) {
    assertThatThrownBy(() -> start(Map.of(), "--agentledger.example.max-concurrent=1000"))
        .isInstanceOf(BeanCreationException.class);
    assertThat(output.getAll())
        .contains("agentledger.example.max-concurrent is \"1000\", but must be less than or")
        .contains("Set agentledger.example.max-concurrent to a valid value");
  }

  @Test
  void otherFailuresAreReportedAsEver() {
    var analyzer = new InvalidSettingAnalyzer(new StandardEnvironment());
    assertThat(analyzer.analyze(new IllegalArgumentException("agentledger is fine"))).isNull();
    assertThat(analyzer.analyze(new BeanCreationException("home", "is not set"))).isNull();
  }

  private static void start(Map<String, Object> variables, String... arguments) {
    var environment = new StandardEnvironment();
    var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, new HashMap<>(variables)));
    var application = new SpringApplication(Example.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setEnvironment(environment);
    application.run(arguments).close();
  }
}
