"""Estimators of scikit-learn that have no form on a device, each with the reason."""

REFUSED = {
    "it takes the median of its trees by their weights, which no sum of leaves is; GradientBoostingRegressor is":
        "AdaBoostRegressor",
    "it compares with rows of its training data, which a device has no memory for; trees and networks take curved "
    "boundaries":
        "GaussianProcessClassifier GaussianProcessRegressor KNeighborsClassifier KNeighborsRegressor KernelRidge "
        "RadiusNeighborsClassifier RadiusNeighborsRegressor KNeighborsTransformer RadiusNeighborsTransformer NearestNeighbors "
        "LocalOutlierFactor LabelPropagation LabelSpreading KernelDensity KernelPCA KNNImputer",
    "it finds groups in a table, and a document has no decision for the nearest centre":
        "KMeans MiniBatchKMeans BisectingKMeans Birch MeanShift AffinityPropagation NearestCentroid AgglomerativeClustering "
        "DBSCAN HDBSCAN OPTICS SpectralClustering SpectralBiclustering SpectralCoclustering",
    "it finds a form of a whole table, and has no answer for a row of its own":
        "Isomap LocallyLinearEmbedding MDS ClassicalMDS SpectralEmbedding TSNE PLSSVD",
    "it is a density or a covariance, no decision about a row that a document has":
        "BayesianGaussianMixture GaussianMixture EllipticEnvelope EmpiricalCovariance GraphicalLasso GraphicalLassoCV "
        "LedoitWolf MinCovDet OAS ShrunkCovariance",
    "it solves a problem of its own for every row; PCA and TruncatedSVD are one matrix":
        "DictionaryLearning MiniBatchDictionaryLearning SparseCoder SparsePCA MiniBatchSparsePCA NMF MiniBatchNMF "
        "LatentDirichletAllocation",
    "it maps rows by random or curved functions, which a document does not have; PolynomialFeatures it has":
        "AdditiveChi2Sampler Nystroem RBFSampler SkewedChi2Sampler PolynomialCountSketch KernelCenterer BernoulliRBM "
        "SplineTransformer RandomTreesEmbedding IsotonicRegression",
    "its inputs are texts or pictures, a device gets rows of numbers":
        "CountVectorizer DictVectorizer FeatureHasher HashingVectorizer TfidfTransformer TfidfVectorizer PatchExtractor",
    "it is for labels, not for inputs":
        "LabelBinarizer LabelEncoder MultiLabelBinarizer",
    "it answers without looking at the row, for which no model is needed":
        "DummyClassifier DummyRegressor",
    "it predicts from all other columns where one is missing; SimpleImputer puts in a constant":
        "IterativeImputer",
}
REASONS = {name: reason for reason, names in REFUSED.items() for name in names.split()}


def reason_of(name):
    """Why an estimator of this name is refused; None of others."""
    return REASONS.get(name)
