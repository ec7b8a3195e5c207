/** Client of reports. */
@NullMarked
package io.agentledger.client.report;

import org.jspecify.annotations.NullMarked;
