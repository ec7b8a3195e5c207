package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What libraries bring along and nothing here uses is not on the class path. */
class UnusedDependenciesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.thoughtworks.xstream.XStream",
        "io.netty.handler.codec.http3.Http3",
        "io.netty.handler.codec.quic.Quic"
      })
  void classIsAbsent(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void nativeCodeOfQuicIsAbsent() {
    var loader = getClass().getClassLoader();
    for (var system : new String[] {"linux_x86_64", "linux_aarch_64", "osx_x86_64"})
      assertThat(loader.getResource("META-INF/native/libnetty_quiche42_" + system + ".so"))
          .isNull();
    assertThat(loader.getResource("META-INF/versions/io.netty.netty-codec-native-quic")).isNull();
  }
}
