#include <doctest/doctest.h>
#include <emlc/csv.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/csv/files.hpp"

using namespace csv_files;

TEST_CASE("csv network: scales, clips, walks the layers and decides") {
  Network loaded(3, 19);
  REQUIRE(loaded.load(network) == EMLC_OK);
  CHECK(emlc_csv_network_work(&loaded.model) == 4);
  // (0.75 - 1) / 0.5 = -0.5 and (9.5 + 2.5) / 4 = 3, clipped to 1: relu(-0.5 - 2 + 0.5) = 0, relu(-0.125 + 1) = 0.875
  const float x[] = {0.75F, 9.5F};
  Row out(3), work(4);
  REQUIRE(emlc_csv_network_predict(&loaded.model, x, out.data(), work.data(), work.size()) == EMLC_OK);
  CHECK(out == Row{1.75, 0.125, 3.625});
  std::int32_t classes[1] = {-1};
  CHECK(emlc_csv_decide(&loaded.model.head, out.data(), classes) == EMLC_OK);
  CHECK(classes[0] == 2);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), work.data(), 3) == EMLC_ERR_MEMORY);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), nullptr, 4) == EMLC_ERR_NULL);
  CHECK(emlc_csv_network_predict(&loaded.model, x, nullptr, work.data(), 4) == EMLC_ERR_NULL);
}

TEST_CASE("csv network: a single step needs no working memory") {
  Network loaded(1, 4);
  REQUIRE(loaded.load("emlc,mlp,1\ninput,float32,2\noutput,transform,2\ntarget,2\ndecision,none\nnetwork,1,0\n"
                      "scaler,multiply_add\noffset,1,2\nscale,3,4\nend\n") == EMLC_OK);
  CHECK(emlc_csv_network_work(&loaded.model) == 0);
  const float x[] = {10, 20};
  Row out(2);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), nullptr, 0) == EMLC_OK);
  CHECK(out == Row{31, 82});
  std::int32_t classes[2] = {0, 0};
  CHECK(emlc_csv_decide(&loaded.model.head, out.data(), classes) == EMLC_ERR_UNSUPPORTED);
}

TEST_CASE("csv network: what is wrong is refused with its line") {
  struct Bad {
    std::string text;
    emlc_status status;
    std::uint32_t line;
  };
  for (const Bad& bad : {
           Bad{replaced(network, "mlp,1", "mlp,2"), EMLC_ERR_VERSION, 1},
           Bad{replaced(network, "emlc,mlp", "emlc,trees"), EMLC_ERR_FORMAT, 1},
           Bad{"name,x\n" + network, EMLC_ERR_FORMAT, 1},
           Bad{replaced(network, "network,1", "network,2"), EMLC_ERR_SIZE, 24},
           Bad{replaced(network, "network,1,2", "network,2,1"), EMLC_ERR_SIZE, 24},
           Bad{replaced(network, "subtract_divide", "divide"), EMLC_ERR_FORMAT, 11},
           Bad{replaced(network, "-1,1\n", "-1\n"), EMLC_ERR_FORMAT, 11},
           Bad{replaced(network, "-1,1\n", "1,-1\n"), EMLC_ERR_RANGE, 11},
           Bad{replaced(network, "offset,1,-2.5", "offset,1"), EMLC_ERR_SIZE, 12},
           Bad{replaced(network, "0.5,4", "0.5,0"), EMLC_ERR_RANGE, 13},
           Bad{replaced(network, "scale,0.5,4\n", ""), EMLC_ERR_FORMAT, 13},
           Bad{replaced(network, "relu,2,2", "rely,2,2"), EMLC_ERR_FORMAT, 14},
           Bad{replaced(network, "relu,2,2", "relu,3,2"), EMLC_ERR_SIZE, 14},
           Bad{replaced(network, "w,1,-2", "w,1,-2,3"), EMLC_ERR_SIZE, 15},
           Bad{replaced(network, "w,1,-2", "w,1,x"), EMLC_ERR_FORMAT, 15},
           Bad{replaced(network, "w,1,-2", "w,1,1e39"), EMLC_ERR_RANGE, 15},
           Bad{replaced(network, "w,1,-2\n", ""), EMLC_ERR_FORMAT, 16},
           Bad{replaced(network, "b,0.5,0\n", "b,0.5\n"), EMLC_ERR_SIZE, 17},
           Bad{replaced(network, "identity,2,3", "identity,2,2"), EMLC_ERR_FORMAT, 21},
           Bad{replaced(network, "layer,identity", "scaler,multiply_add"), EMLC_ERR_FORMAT, 18},
           Bad{replaced(network, "end\n", ""), EMLC_ERR_SIZE, 23},
           Bad{replaced(network, "target,3", "target,4"), EMLC_ERR_SIZE, 24},
       }) {
    CAPTURE(bad.text);
    Network loaded(3, 20);
    emlc_csv_network_loader loader;
    REQUIRE(emlc_csv_network_begin(&loader, &loaded.model, &loaded.memory) == EMLC_OK);
    (void)emlc_csv_network_feed(&loader, bad.text.data(), bad.text.size());
    CHECK(emlc_csv_network_end(&loader) == bad.status);
    CHECK(loader.text.line == bad.line);
  }
  CHECK(Network(2, 19).load(network) == EMLC_ERR_MEMORY);
  CHECK(Network(3, 18).load(network) == EMLC_ERR_MEMORY);
}

TEST_CASE("csv network: no change of a file makes loading or running leave the arrays") {
  std::mt19937 random(11);
  const std::string alphabet = "0123456789-.,e\n lwbst";
  std::size_t n_loaded = 0;
  for (int i = 0; i < 10000; ++i) {
    std::string text = network;
    for (unsigned change = 0; change < 1 + random() % 3; ++change) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    Network loaded(3, 19);
    if (loaded.load(text) != EMLC_OK) continue;
    ++n_loaded;
    const Row x(loaded.model.head.n_features, 0.5F);
    Row out(loaded.model.head.n_outputs), work(emlc_csv_network_work(&loaded.model));
    CHECK(emlc_csv_network_predict(&loaded.model, x.data(), out.data(), work.data(), work.size()) == EMLC_OK);
  }
  CHECK(n_loaded > 500);
}
