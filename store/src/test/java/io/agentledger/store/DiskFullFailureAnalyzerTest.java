package io.agentledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class DiskFullFailureAnalyzerTest {
  @Configuration(proxyBeanMethods = false)
  static class FullDisk {
    @Bean
    Object home() throws IOException {
      throw new FileSystemException("/srv/home/node", null, "No space left on device");
    }
  }

  @Test
  void startOnAFullDiskIsReportedWithoutAStackTrace(CapturedOutput output) {
    var application = new SpringApplication(FullDisk.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    try {
      application.run();
    } catch (RuntimeException failed) {
      assertThat(output.getAll())
          .contains("A disk of the service is full: /srv/home/node: No space left on device")
          .doesNotContain("\tat ");
      return;
    }
    throw new AssertionError("started");
  }

  static Stream<Throwable> otherFailures() {
    return Stream.of(
        new IOException("Permission denied"), new BeanCreationException("home", "is not set"));
  }

  @ParameterizedTest
  @MethodSource("otherFailures")
  void otherFailuresAreReportedAsEver(Throwable failure) {
    assertThat(new DiskFullFailureAnalyzer().analyze(failure)).isNull();
  }

  @Test
  void serverThatFoundTheDiskFullIsQuotedByItsLastLine() {
    var failure =
        new IllegalStateException(
            "the server did not start; server.log:\nstarting\n"
                + "FATAL:  could not write to file: No space left on device\nshut down");
    assertThat(new DiskFullFailureAnalyzer().analyze(new BeanCreationException("db", "x", failure)))
        .extracting(analysis -> analysis.getDescription())
        .isEqualTo(
            "A disk of the service is full: FATAL:  could not write to file: No space left on"
                + " device");
  }
}
