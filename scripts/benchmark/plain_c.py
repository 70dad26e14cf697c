"""What somebody writes by hand for a pipeline of scikit-learn: plain C in float, loops over tables of the fitted numbers.

Each function takes a fitted estimator and gives C text that defines `static int model(const float *x)`, the class of a row."""

import numpy as np

DENSE = """\
static void dense(const float *w, const float *b, int n_in, int n_out, const float *x, float *y) {
  for (int i = 0; i < n_out; ++i) {
    float sum = b[i];
    for (int j = 0; j < n_in; ++j) sum += w[i * n_in + j] * x[j];
    y[i] = sum;
  }
}
static int largest(const float *y, int n) {
  int best = 0;
  for (int i = 1; i < n; ++i)
    if (y[i] > y[best]) best = i;
  return best;
}
static void softmax(float *y, int n) {
  float most = y[0], sum = 0;
  for (int i = 1; i < n; ++i)
    if (y[i] > most) most = y[i];
  for (int i = 0; i < n; ++i) sum += y[i] = expf(y[i] - most);
  for (int i = 0; i < n; ++i) y[i] /= sum;
}
"""
TREES = """\
struct node {
  int16_t feature; /* -1: a leaf */
  float threshold;
  int16_t left, right; /* of a leaf: left is its row of values */
};
static int leaf(const struct node *tree, const float *x) {
  int at = 0;
  while (tree[at].feature >= 0) at = x[tree[at].feature] <= tree[at].threshold ? tree[at].left : tree[at].right;
  return tree[at].left;
}
"""


def table(name, values, c_type="float"):
    flat = np.asarray(values).ravel()
    text = ", ".join(f"{value:.9g}f" if "e" in f"{value:.9g}" or "." in f"{value:.9g}" else f"{value:.9g}.0f"
                     for value in flat) if c_type == "float" else ", ".join(str(int(value)) for value in flat)
    return f"static const {c_type} {name}[{len(flat)}] = {{{text}}};\n"


def forest(name, members, rows_of):
    """Tables of all nodes and leaf rows, and where each tree starts. rows_of(tree) is [nodes][n]."""
    nodes, values, starts = [], [], []
    for tree in members:
        starts.append(len(nodes))
        for node, row in enumerate(rows_of(tree)):
            if tree.children_left[node] < 0:
                nodes.append(f"{{-1, 0, {len(values)}, 0}}")
                values.append(row)
            else:
                ways = f"{tree.children_left[node]}, {tree.children_right[node]}"
                nodes.append(f"{{{tree.feature[node]}, {tree.threshold[node]:.9g}, {ways}}}")
    n = len(values[0])
    return (f"static const struct node {name}_nodes[] = {{{', '.join(nodes)}}};\n" + table(f"{name}_values", values)
            + table(f"{name}_starts", starts, "int16_t") + f"""\
static void {name}(const float *x, float *y) {{
  for (int i = 0; i < {n}; ++i) y[i] = 0;
  for (int t = 0; t < {len(starts)}; ++t) {{
    const float *row = {name}_values + {n} * leaf({name}_nodes + {name}_starts[t], x);
    for (int i = 0; i < {n}; ++i) y[i] += row[i];
  }}
}}
""")


def shares(tree):
    counts = tree.value[:, 0, :]
    return counts / counts.sum(axis=1, keepdims=True)


def scaled_lines(pipeline):
    scaler, model = (step for _, step in pipeline.steps)
    n = scaler.n_features_in_
    k = len(model.coef_)
    decide = f"largest(y, {k})" if k > 1 else "y[0] > 0"
    return (DENSE + table("mean", scaler.mean_) + table("spread", scaler.scale_) + table("w", model.coef_)
            + table("b", model.intercept_) + f"""\
static int model(const float *x) {{
  float z[{n}], y[{k}];
  for (int i = 0; i < {n}; ++i) z[i] = (x[i] - mean[i]) / spread[i];
  dense(w, b, {n}, {k}, z, y);
  return {decide};
}}
""")


def imputed_forest(pipeline):
    imputer, model = (step for _, step in pipeline.steps)
    n, k = imputer.n_features_in_, len(model.classes_)
    return (DENSE + TREES + table("filled", imputer.statistics_) + forest("trees", [m.tree_ for m in model.estimators_], shares)
            + f"""\
static int model(const float *x) {{
  float z[{n}], y[{k}];
  for (int i = 0; i < {n}; ++i) z[i] = isnan(x[i]) ? filled[i] : x[i];
  trees(z, y);
  return largest(y, {k});
}}
""")


def encoded_stages(pipeline):
    columns, model = (step for _, step in pipeline.steps)
    (_, encoder, places), = (row for row in columns.transformers_ if row[0] == "codes")
    rest = [row for row in columns.transformers_ if row[0] == "remainder"][0][2]
    sizes = [len(of) for of in encoder.categories_]
    rate, start = model.learning_rate, model._raw_predict_init(np.zeros((1, model.n_features_in_)))[0, 0]
    trees = forest("stages", [row[0].tree_ for row in model.estimators_], lambda tree: rate * tree.value[:, 0, :])
    return (TREES + table("places", places, "int16_t") + table("sizes", sizes, "int16_t") + table("rest", rest, "int16_t")
            + table("categories", np.concatenate(encoder.categories_)) + trees + f"""\
static int model(const float *x) {{
  float z[{model.n_features_in_}], y[1];
  int at = 0;
  for (int i = 0; i < {len(places)}; ++i)
    for (int j = 0; j < sizes[i]; ++j, ++at) z[at] = x[places[i]] == categories[at];
  for (int i = 0; i < {len(rest)}; ++i) z[at + i] = x[rest[i]];
  stages(z, y);
  return y[0] + {start:.9g}f >= 0;
}}
""")


def projected_network(pipeline):
    projection, model = (step for _, step in pipeline.steps)
    n, inner, hidden, k = projection.n_features_in_, projection.n_components_, *[len(b) for b in model.intercepts_]
    w1, w2 = (w.T for w in model.coefs_)
    return (DENSE + table("mean", projection.mean_) + table("axes", projection.components_) + table("none", np.zeros(inner))
            + table("w1", w1) + table("b1", model.intercepts_[0]) + table("w2", w2) + table("b2", model.intercepts_[1]) + f"""\
static int model(const float *x) {{
  float c[{n}], z[{inner}], h[{hidden}], y[{k}];
  for (int i = 0; i < {n}; ++i) c[i] = x[i] - mean[i];
  dense(axes, none, {n}, {inner}, c, z);
  dense(w1, b1, {inner}, {hidden}, z, h);
  for (int i = 0; i < {hidden}; ++i) h[i] = h[i] > 0 ? h[i] : 0;
  dense(w2, b2, {hidden}, {k}, h, y);
  return largest(y, {k});
}}
""")


def votes_of_three(voting):
    line, woods, bayes = voting.estimators_
    scaler, model = (step for _, step in line.steps)
    n, k = scaler.n_features_in_, len(voting.classes_)
    constants = np.log(bayes.class_prior_) - 0.5 * np.log(2 * np.pi * bayes.var_).sum(axis=1)
    return (DENSE + TREES + table("mean", scaler.mean_) + table("spread", scaler.scale_) + table("w", model.coef_)
            + table("b", model.intercept_) + forest("trees", [m.tree_ for m in woods.estimators_], shares)
            + table("centre", bayes.theta_) + table("halves", 0.5 / bayes.var_) + table("constants", constants) + f"""\
static int model(const float *x) {{
  float z[{n}], y[{k}], p[{k}], g[{k}];
  for (int i = 0; i < {n}; ++i) z[i] = (x[i] - mean[i]) / spread[i];
  dense(w, b, {n}, {k}, z, y);
  softmax(y, {k});
  trees(x, p);
  for (int c = 0; c < {k}; ++c) {{
    g[c] = constants[c];
    for (int i = 0; i < {n}; ++i) {{
      const float d = x[i] - centre[c * {n} + i];
      g[c] -= d * d * halves[c * {n} + i];
    }}
  }}
  softmax(g, {k});
  for (int c = 0; c < {k}; ++c) y[c] += p[c] / {len(woods.estimators_)} + g[c];
  return largest(y, {k});
}}
""")


def calibrated_forests(calibrated):
    text, calls = DENSE + TREES, []
    for fold, member in enumerate(calibrated.calibrated_classifiers_):
        woods = member.estimator
        text += forest(f"fold{fold}", [m.tree_ for m in woods.estimators_], lambda tree: shares(tree)[:, 1:])
        slope, offset = member.calibrators[0].a_ / len(woods.estimators_), member.calibrators[0].b_
        calls.append(f"  fold{fold}(x, y);\n  sum += 1 / (1 + expf({slope:.9g}f * y[0] + {offset:.9g}f));\n")
    return text + f"static int model(const float *x) {{\n  float sum = 0, y[1];\n{''.join(calls)}  return sum > {len(calls) / 2}f;\n}}\n"
